import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FilePosition } from './file-position.js'
import { type FollowListener, LogFollower } from './log-follower.js'

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
      now: () => Date.now() + this.#clock,
    })
  }

  /** Takes what there is; `most` chunks at most, as if the process were stopped then. */
  async look(most = Number.POSITIVE_INFINITY): Promise<void> {
    this.#clock += 3000
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
})
