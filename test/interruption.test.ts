import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import SqliteConnection from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TagRow } from '../src/exports/tag-row.js'
import { captureBytes, captureLines } from './support/capture.js'
import { ruleText } from './support/rule-text.js'
import { runCli, startCli } from './support/run-cli.js'
import { writeFiles } from './support/write-files.js'

/** Long enough to be interrupted anywhere in the middle. */
const LOG_BYTES = 80_000_000
const BIG_LOG_COPIES = Math.ceil(LOG_BYTES / 1_586_103)
const PATIENCE = 60_000

let folder: string
let log: string
let rules: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-interrupted-'))
  log = join(folder, 'long.json')
  writeLongLog(log)
  // One rule over every login: tags without end, at little cost.
  rules = writeFiles(join(folder, 'rules'), {
    'R9001.yaml': ruleText({ id: 'R9001', match: '{ field: command_text, pattern: "^[a-z]" }' }),
  })
}, PATIENCE)
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('SIGINT', () => {
  it(
    'keeps what is done: whole lines, a whole database, exit code 130',
    async () => {
      const database = join(folder, 'interrupted.db')
      const child = startCli(['tag', log, '--rules', rules, '--output', 'jsonl', '--db', `sqlite:${database}`])
      child.stdin.end()
      let stdout = ''
      let stderr = ''
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        if (stdout === '') child.kill('SIGINT')
        stdout += chunk
      })
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        stderr += chunk
      })
      const [status] = await once(child, 'close')
      expect(status).toBe(130)
      expect(stderr).toMatch(/what is done is kept/)
      expect(stderr).not.toMatch(/^\s+at |^error/m)
      expect(stdout.endsWith('\n')).toBe(true)
      const printed = stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as TagRow).uuid)
      expect(printed.length).toBeGreaterThan(0)
      expect(keptUuids(database)).toEqual(printed.sort())
    },
    PATIENCE,
  )

  it(
    'ends the wait for standard input, and shows the summary of what came',
    async () => {
      const child = startCli(['tag', '-', '--rules', rules])
      let stdout = ''
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        stdout += chunk
      })
      // Resolves when the program has taken nearly all of it; the pipe stays open, so that only the signal ends it.
      for (let copy = 0; copy < 4; copy++) if (!child.stdin.write(captureBytes())) await once(child.stdin, 'drain')
      child.kill('SIGINT')
      const [status] = await once(child, 'close')
      expect(status).toBe(130)
      expect(stdout).toContain('What the attackers did')
      expect(stdout).toContain('51 attackers')
    },
    PATIENCE,
  )
})

describe('SIGKILL', () => {
  it(
    'leaves a database that a second run completes to what an undisturbed run gives',
    async () => {
      const short = join(folder, 'short.json')
      writeLongLog(short, 16)
      const disturbed = join(folder, 'disturbed.db')
      const undisturbed = join(folder, 'undisturbed.db')
      const child = startCli(['tag', short, '--rules', rules, '--output', 'jsonl', '--db', `sqlite:${disturbed}`])
      child.stdin.end()
      child.stdout.resume()
      await waitForTags(disturbed)
      child.kill('SIGKILL')
      await once(child, 'close')
      expect(child.signalCode).toBe('SIGKILL')
      const kept = keptUuids(disturbed)

      const [again] = await Promise.all([
        runCli(['tag', short, '--rules', rules, '--db', `sqlite:${disturbed}`]),
        runCli(['tag', short, '--rules', rules, '--db', `sqlite:${undisturbed}`]),
      ])
      expect(again.status).toBe(0)
      expect(kept.length).toBeGreaterThan(0)
      expect(kept.length).toBeLessThan(keptUuids(undisturbed).length)
      expect(wholeDatabase(disturbed)).toEqual(wholeDatabase(undisturbed))
    },
    PATIENCE,
  )
})

/** The capture again and again, each time with other sessions, so that no line comes twice. */
function writeLongLog(path: string, copies = BIG_LOG_COPIES): void {
  const lines = captureLines()
  const descriptor = openSync(path, 'w')
  for (let copy = 0; copy < copies; copy++) {
    const suffix = copy.toString(16).padStart(4, '0')
    writeSync(
      descriptor,
      `${lines.map((line) => line.replace(/"session":"(\w{8})\w{4}"/, `"session":"$1${suffix}"`)).join('\n')}\n`,
    )
  }
  closeSync(descriptor)
}

/** Waits until another process has kept something. */
async function waitForTags(database: string): Promise<void> {
  for (;;) {
    await setTimeout(5)
    if (existsSync(database) && countTags(database) > 0) return
  }
}

function countTags(database: string): number {
  try {
    return query(database, 'select count(*) as tags from ttp_tag')[0]!.tags as number
  } catch {
    // The tables are not made yet.
    return 0
  }
}

function keptUuids(database: string): string[] {
  return query(database, 'select uuid from ttp_tag order by uuid').map((row) => row.uuid as string)
}

/** Everything that is kept, apart from when it was. */
function wholeDatabase(database: string) {
  return [
    query(database, 'select * from ttp_tag order by uuid').map(({ created_at: _createdAt, ...row }) => row),
    query(database, 'select * from ttp_attacker order by attacker_uuid'),
    query(database, 'select * from ttp_session order by session_id'),
    query(database, 'select * from ttp_decky order by decky_id'),
    query(database, 'pragma integrity_check'),
  ]
}

function query(database: string, sql: string): Record<string, unknown>[] {
  const connection = new SqliteConnection(database)
  try {
    return connection.prepare(sql).all() as Record<string, unknown>[]
  } finally {
    connection.close()
  }
}
