import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FilePosition } from './file-position.js'
import type { FollowListener } from './follow-listener.js'
import { LogFollower } from './log-follower.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-follow-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const line = (number: number, padding = 0) =>
  `{"eventid":"cowrie.command.input","input":"echo ${number}${'.'.repeat(padding)}","timestamp":"2026-11-20T10:00:00Z","session":"a1","src_ip":"203.0.113.5","sensor":"one"}\n`

/** Follows a folder or a file with a clock of its own; every look finds what was written before complete. */
class Harness {
  readonly told: string[] = []
  readonly taken: string[] = []
  readonly #targets: readonly string[]
  readonly #since = Date.now()
  #clock = 0
  #follower: LogFollower

  constructor(targets: readonly string[], positions?: readonly FilePosition[]) {
    this.#targets = targets
    this.#follower = this.#open(positions ?? [])
  }

  #open(positions: readonly FilePosition[]): LogFollower {
    const listener: FollowListener = {
      replaced: (path) => this.told.push(`replaced ${path.slice(folder.length + 1)}`),
      missing: (path) => this.told.push(`missing ${path.slice(folder.length + 1)}`),
      failed: (error) => this.told.push(error.message),
      noLog: (path) => this.told.push(`no log ${path.slice(folder.length + 1)}`),
    }
    return new LogFollower({
      targets: this.#targets,
      listener,
      formatOf: () => null,
      positions,
      key: 'one key',
      since: this.#since,
      now: () => this.now,
    })
  }

  get now(): number {
    return Date.now() + this.#clock
  }

  /** Takes what there is; `most` chunks at most, as if the process were stopped then. */
  async look(most = Number.POSITIVE_INFINITY): Promise<void> {
    this.#clock += 3000
    await this.lookAtOnce(most)
  }

  /** The same, without time for what was written before to settle. */
  async lookAtOnce(most = Number.POSITIVE_INFINITY): Promise<void> {
    let chunks = 0
    for await (const chunk of this.#follower.look()) {
      if (chunks++ >= most) return
      const text = chunk.bytes.toString()
      if (chunk.begins && text === '') continue
      this.taken.push(...text.split('\n').filter((one) => one !== ''))
      if (chunk.overlong !== null) this.taken.push(`overlong ${chunk.overlong}`)
      chunk.commit(text.split('\n').length - 1 || 1)
    }
  }

  positions(): readonly FilePosition[] {
    return JSON.parse(JSON.stringify(this.#follower.positions())) as FilePosition[]
  }

  async restart(positions = this.positions()): Promise<void> {
    await this.#follower.close()
    this.#follower = this.#open(positions)
  }

  async wait(milliseconds: number): Promise<void> {
    this.#clock += milliseconds
    await this.look()
  }

  close(): Promise<void> {
    return this.#follower.close()
  }
}

const numbersOf = (lines: readonly string[]) =>
  lines.map((one) => Number(/echo (\d+)/.exec(one)?.[1] ?? Number.NaN)).sort((one, other) => one - other)

type Act =
  | { readonly act: 'write'; readonly bytes: number }
  | { readonly act: 'look' | 'rename' | 'reopen' | 'copy' | 'pack' | 'truncate' | 'restart' | 'drop' }

/** A writer of a log, and whoever rotates it. */
class Writer {
  readonly #path: string
  readonly written: number[] = []
  /** Lines that were cut off before they were read. */
  readonly mayBeLost = new Set<number>()
  #unread: number[] = []
  #pending = ''
  #next = 0
  /** Where the writer writes on after the file was renamed. */
  #openPath: string

  constructor(path: string) {
    this.#path = path
    this.#openPath = path
  }

  write(bytes: number): void {
    while (this.#pending.length < bytes) {
      this.#pending += line(this.#next, (this.#next * 37) % 400)
      this.written.push(this.#next)
      this.#unread.push(this.#next++)
    }
    this.#append(this.#pending.slice(0, bytes))
    this.#pending = this.#pending.slice(bytes)
  }

  /** All lines but one that was only begun are safe now. */
  wasRead(): void {
    this.#unread = this.#pending === '' ? [] : this.#unread.slice(-1)
  }

  /** The rest of the line that was begun. */
  finishLine(): void {
    this.#append(this.#pending)
    this.#pending = ''
  }

  rename(): void {
    this.reopen()
    if (!existsSync(this.#path)) return
    this.#shift()
    renameSync(this.#path, `${this.#path}.1`)
    this.#openPath = `${this.#path}.1`
  }

  /** The writer goes over to the new file, between two lines. */
  reopen(): void {
    this.finishLine()
    this.#openPath = this.#path
  }

  copy(): void {
    this.reopen()
    if (!existsSync(this.#path)) return
    this.#shift()
    copyFileSync(this.#path, `${this.#path}.1`)
    truncateSync(this.#path)
  }

  truncate(): void {
    this.reopen()
    if (!existsSync(this.#path)) return
    truncateSync(this.#path)
    for (const number of this.#unread) this.mayBeLost.add(number)
  }

  pack(): void {
    this.reopen()
    if (!existsSync(`${this.#path}.1`)) return
    writeFileSync(`${this.#path}.1.gz`, gzipSync(readFileSync(`${this.#path}.1`)))
    rmSync(`${this.#path}.1`)
  }

  drop(): void {
    rmSync(`${this.#path}.3.gz`, { force: true })
  }

  #append(text: string): void {
    if (text !== '') appendFileSync(this.#openPath, text)
  }

  #shift(): void {
    for (const ending of ['', '.gz']) {
      for (let age = 30; age >= 1; age--) {
        const from = `${this.#path}.${age}${ending}`
        if (existsSync(from)) renameSync(from, `${this.#path}.${age + 1}${ending}`)
      }
    }
  }
}

const acts = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ act: fc.constant('write' as const), bytes: fc.integer({ min: 1, max: 2500 }) }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        act: fc.constantFrom('look', 'look', 'look', 'rename', 'reopen', 'copy', 'pack', 'restart', 'drop', 'truncate'),
      }),
    },
  ),
  { maxLength: 40 },
) as fc.Arbitrary<Act[]>

async function play(steps: readonly Act[], target: 'folder' | 'file', home: string) {
  mkdirSync(home)
  const path = join(home, 'cowrie.json')
  const writer = new Writer(path)
  const harness = new Harness([target === 'folder' ? home : path])
  const look = async () => {
    await harness.look()
    // The looks of a file that just appeared as rotated wait for it to be complete.
    await harness.look()
    writer.wasRead()
  }
  await look()
  for (const step of steps) {
    if (step.act === 'write') writer.write(step.bytes)
    else if (step.act === 'look') await look()
    else if (step.act === 'restart') await harness.restart()
    else writer[step.act]()
  }
  writer.reopen()
  await look()
  await harness.close()
  return { taken: numbersOf(harness.taken), writer }
}

describe('LogFollower', () => {
  for (const target of ['folder', 'file'] as const) {
    it(`gives every line once, however a ${target} is written, rotated, packed and gone on from`, async () => {
      let run = 0
      await fc.assert(
        fc.asyncProperty(acts, async (steps) => {
          const { taken, writer } = await play(steps, target, join(folder, String(run++)))
          const missing = writer.written.filter((number) => !taken.includes(number))
          expect(new Set(taken).size).toBe(taken.length)
          expect(missing.filter((number) => !writer.mayBeLost.has(number))).toEqual([])
          expect(taken.filter((number) => !(number < writer.written.length))).toEqual([])
        }),
        { numRuns: 150 },
      )
    })
  }

  it('gives every line at least once, and none that was never written, after crashes', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(acts, fc.array(fc.nat(40), { maxLength: 4 }), async (steps, crashes) => {
        const home = join(folder, `crash-${run++}`)
        mkdirSync(home)
        const writer = new Writer(join(home, 'cowrie.json'))
        const harness = new Harness([home])
        let kept = harness.positions()
        for (const [index, step] of steps.entries()) {
          if (step.act === 'write') writer.write(step.bytes)
          else if (step.act === 'look') await harness.look()
          else if (step.act === 'restart') kept = harness.positions()
          else if (step.act !== 'truncate') writer[step.act]()
          if (!crashes.includes(index)) continue
          await harness.look(1)
          await harness.restart(kept)
        }
        writer.reopen()
        await harness.look()
        await harness.look()
        await harness.close()
        const taken = new Set(numbersOf(harness.taken))
        expect(writer.written.filter((number) => !taken.has(number))).toEqual([])
        expect([...taken].filter((number) => !(number < writer.written.length))).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  it('hands over what is not committed again', async () => {
    writeFileSync(join(folder, 'cowrie.json'), line(1) + line(2))
    const follower = new LogFollower({
      targets: [folder],
      listener: { replaced() {}, missing() {}, failed() {}, noLog() {} },
      formatOf: () => null,
      key: 'one key',
      since: 0,
      now: () => Date.now() + 5000,
    })
    for (let look = 0; look < 2; look++) {
      let bytes = 0
      for await (const chunk of follower.look()) bytes += chunk.bytes.length
      expect(bytes).toBe(line(1).length + line(2).length)
    }
    expect(follower.positions()).toEqual([])
    await follower.close()
  })

  it('passes over a line that is too long, however it comes', async () => {
    const path = join(folder, 'cowrie.json')
    writeFileSync(path, line(1) + 'x'.repeat(1_500_000))
    const harness = new Harness([path])
    await harness.look()
    expect(harness.taken).toHaveLength(1)
    appendFileSync(path, 'x'.repeat(700_000))
    await harness.look()
    appendFileSync(path, `\n${line(2)}`)
    await harness.look()
    expect(harness.taken.slice(1, 2)).toEqual(['overlong 2200000'])
    expect(numbersOf(harness.taken.slice(2))).toEqual([2])
    await harness.restart()
    appendFileSync(path, line(3))
    await harness.look()
    expect(numbersOf(harness.taken.slice(3))).toEqual([3])
    await harness.close()
  })

  it('reads a deleted file to its end, and its last line when nobody can go on with it', async () => {
    const path = join(folder, 'cowrie.json')
    writeFileSync(path, line(1))
    const harness = new Harness([path])
    await harness.look()
    const writer = openSync(path, 'a')
    rmSync(path)
    writeSync(writer, line(2))
    await harness.look()
    expect(numbersOf(harness.taken)).toEqual([1, 2])
    writeSync(writer, line(3).trimEnd())
    closeSync(writer)
    writeFileSync(path, line(4))
    await harness.look()
    expect(numbersOf(harness.taken)).toEqual([1, 2, 4])
    await harness.wait(60_000)
    expect(numbersOf(harness.taken)).toEqual([1, 2, 3, 4])
    await harness.close()
  })

  it('tells what was cut off, and reads the same name from its start', async () => {
    const path = join(folder, 'cowrie.json')
    writeFileSync(path, line(1) + line(2))
    const harness = new Harness([path])
    await harness.look()
    writeFileSync(path, line(3) + line(4) + line(5))
    await harness.look()
    expect(harness.told).toEqual(['replaced cowrie.json'])
    expect(numbersOf(harness.taken)).toEqual([1, 2, 3, 4, 5])
    await harness.close()
  })

  it('knows a content on another device, and a copy of one that is still written to', async () => {
    const path = join(folder, 'cowrie.json')
    writeFileSync(path, line(1) + line(2))
    const harness = new Harness([folder])
    await harness.look()
    copyFileSync(path, join(folder, 'backup'))
    await harness.look()
    const moved = harness.positions().map((position) => ({ ...position, identity: '99:99' }))
    appendFileSync(path, line(3))
    await harness.restart(moved)
    await harness.look()
    await harness.look()
    expect(numbersOf(harness.taken)).toEqual([1, 2, 3])
    await harness.close()
  })

  it('leaves alone what lies beside a named file and was written before', async () => {
    const path = join(folder, 'cowrie.json')
    writeFileSync(`${path}.1`, line(1))
    utimesSync(`${path}.1`, 1_790_000_000, 1_790_000_000)
    writeFileSync(path, line(2))
    const harness = new Harness([path])
    await harness.look()
    await harness.look()
    expect(numbersOf(harness.taken)).toEqual([2])
    await harness.close()
  })

  it('tells of a packed file that breaks off, and reads it when it is whole', async () => {
    const path = join(folder, 'cowrie.json.1.gz')
    const packed = gzipSync(line(1) + line(2))
    writeFileSync(path, packed.subarray(0, packed.length - 12))
    const harness = new Harness([folder])
    await harness.look()
    await harness.look()
    expect(harness.told).toEqual([expect.stringContaining('breaks off')])
    harness.taken.length = 0
    writeFileSync(path, packed)
    await harness.look()
    await harness.look()
    expect(numbersOf(harness.taken)).toEqual([1, 2])
    await harness.close()
  })

  it('takes each mail once, also after it was moved', async () => {
    mkdirSync(join(folder, 'new'))
    mkdirSync(join(folder, 'cur'))
    const mail = 'From: a@example.net\r\nTo: b@example.com\r\nSubject: one\r\n\r\ntext'
    writeFileSync(join(folder, 'new', '1.M1.mx'), mail)
    const harness = new Harness([folder])
    await harness.look()
    renameSync(join(folder, 'new', '1.M1.mx'), join(folder, 'cur', '1.M1.mx:2,S'))
    await harness.look()
    await harness.restart()
    await harness.look()
    expect(harness.taken.filter((one) => one.startsWith('Subject'))).toHaveLength(1)
    await harness.close()
  })

  it('takes a mailbox anew whenever it has grown and settled', async () => {
    const box = join(folder, 'trap.mbox')
    const harness = new Harness([box])
    const append = (text: string) => {
      appendFileSync(box, text)
      utimesSync(box, harness.now / 1000, harness.now / 1000)
    }
    const subjects = () => harness.taken.filter((one) => one.startsWith('Subject'))
    const mail = (subject: string) =>
      `From a@example.net Fri Nov 20 08:25:04 2026\nFrom: a@example.net\nTo: b@example.com\nSubject: ${subject}\n\ntext\n\n`
    append(mail('one'))
    await harness.lookAtOnce()
    expect(subjects()).toEqual([])
    await harness.look()
    expect(subjects()).toEqual(['Subject: one'])
    append(mail('two').slice(0, -5))
    await harness.lookAtOnce()
    append(mail('two').slice(-5))
    await harness.lookAtOnce()
    expect(subjects()).toEqual(['Subject: one'])
    await harness.look()
    await harness.restart()
    await harness.look()
    expect(subjects()).toEqual(['Subject: one', 'Subject: one', 'Subject: two'])
    await harness.close()
  })

  it('takes a mail as complete that nobody has written to for a while, though its time lies ahead', async () => {
    const path = join(folder, 'mail.eml')
    writeFileSync(path, 'From: a@example.net\r\nTo: b@example.com\r\nSubject: one\r\n\r\ntext')
    utimesSync(path, 4_000_000_000, 4_000_000_000)
    const harness = new Harness([path])
    await harness.look()
    expect(harness.taken).toEqual([])
    await harness.look()
    expect(harness.taken).toContain('Subject: one\r')
    await harness.close()
  })

  it('does not judge a log whose first line is not whole yet', async () => {
    const path = join(folder, 'cowrie.json')
    writeFileSync(path, line(1).slice(0, 40))
    const harness = new Harness([path])
    await harness.lookAtOnce()
    expect(harness.told).toEqual([])
    appendFileSync(path, line(1).slice(40))
    await harness.lookAtOnce()
    expect(numbersOf(harness.taken)).toEqual([1])
    await harness.close()
  })

  it('keeps its descriptors bounded', async () => {
    for (let index = 0; index < 300; index++) writeFileSync(join(folder, `log-${index}.json`), line(index))
    const harness = new Harness([folder])
    const before = readdirSync('/proc/self/fd').length
    await harness.look()
    expect(harness.taken).toHaveLength(300)
    expect(readdirSync('/proc/self/fd').length - before).toBeLessThan(130)
    await harness.close()
    expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before + 5)
  })
})
