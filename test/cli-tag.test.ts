import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import SqliteConnection from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shuffle } from '../src/collections/shuffle.js'
import type { TagRow } from '../src/exports/tag-row.js'
import { CAPTURE, captureLines } from './support/capture.js'
import { parseCsv } from './support/parse-csv.js'
import { type CliResult, linesOf, runCli, startCli } from './support/run-cli.js'

const UUID = /^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

let folder: string
let run: CliResult
let rows: readonly TagRow[]
let uuids: readonly string[]
/** The tags of `part`, read as it stands. */
let partUuids: readonly string[]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-cli-'))
  run = await runCli(['tag', CAPTURE, '--output', 'jsonl'])
  rows = linesOf(run.stdout).map((line) => JSON.parse(line) as TagRow)
  uuids = uuidsOf(run)
  partUuids = uuidsOf(await runCli(['tag', fileOf('part.json', part()), '--output', 'jsonl']))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('tag --output jsonl', () => {
  it('ends well and says nothing else', () => {
    expect(run).toMatchObject({ status: 0, stderr: '' })
    expect(run.stdout.endsWith('\n')).toBe(true)
    expect(rows.length).toBeGreaterThan(2000)
  })

  it('gives every line exactly the columns of ttp_tag and source_ip, in one order', () => {
    const columns = new Set(rows.map((row) => Object.keys(row).join()))
    expect([...columns]).toEqual([
      'uuid,source_kind,source_id,attacker_uuid,identity_uuid,session_id,decky_id,source_ip,tactic,technique_id,' +
        'sub_technique_id,confidence,rule_id,rule_version,basis,outcome,evidence,attack_release,observed_at,created_at',
    ])
  })

  it('gives every tag an id of its own', () => {
    expect(new Set(uuids).size).toBe(uuids.length)
    expect(uuids.filter((uuid) => !UUID.test(uuid))).toEqual([])
  })

  it('holds to the constraints of the table', () => {
    const offending = rows.filter(
      (row) =>
        row.confidence < 0.3 ||
        row.confidence > 1 ||
        (row.attacker_uuid === null && row.identity_uuid === null) ||
        (row.sub_technique_id !== null && !row.sub_technique_id.startsWith(`${row.technique_id}.`)) ||
        new Date(row.observed_at).toISOString() !== row.observed_at,
    )
    expect(offending).toEqual([])
  })

  it('takes the time of a tag from the event', () => {
    const times = rows.map((row) => row.observed_at).sort()
    expect(times[0]! >= '2026-11-20T08:25:04').toBe(true)
    expect(times.at(-1)! <= '2026-11-21T17:09:27').toBe(true)
  })
})

describe('the same telemetry gives the same tags', () => {
  it('in a second run, but for created_at', async () => {
    const again = await runCli(['tag', CAPTURE, '--output', 'jsonl'])
    const withoutCreation = ({ stdout }: CliResult) => stdout.replaceAll(/,"created_at":"[^"]*"}$/gm, '}')
    expect(withoutCreation(again)).toBe(withoutCreation(run))
  })

  it('packed with gzip, whatever the file is called', async () => {
    const packed = fileOf('capture.json', gzipSync(part()))
    expect(uuidsOf(await runCli(['tag', packed, '--output', 'jsonl']))).toEqual(partUuids)
  })

  it('in gzip of several members, cut in the middle of a line', async () => {
    const members = [gzipSync(part().subarray(0, 70_001)), gzipSync(part().subarray(70_001))]
    const packed = fileOf('members.gz', Buffer.concat(members))
    expect(uuidsOf(await runCli(['tag', packed, '--output', 'jsonl']))).toEqual(partUuids)
  })

  it.each([
    ['plain', part],
    ['packed', () => gzipSync(part())],
  ])('from standard input, %s', async (_name, stdin) => {
    const result = await runCli(['tag', '-', '--output', 'jsonl'], { stdin: stdin() })
    expect(uuidsOf(result)).toEqual(partUuids)
  })

  it('split in two files, the later one first', async () => {
    const lines = partLines()
    const first = fileOf('first.json', `${lines.slice(0, 401).join('\n')}\n`)
    const second = fileOf('second.json', lines.slice(401).join('\r\n'))
    expect(uuidsOf(await runCli(['tag', second, first, '--output', 'jsonl']))).toEqual(partUuids)
  })

  it('shuffled and doubled', async () => {
    const lines = partLines()
    const mixed = fileOf('mixed.json', shuffle([...lines, ...lines.slice(100, 700)], 7).join('\n'))
    const result = await runCli(['tag', mixed, '--output', 'jsonl'])
    expect([...new Set(uuidsOf(result))]).toEqual(partUuids)
  })
})

describe('tag --db', () => {
  it('keeps what jsonl prints, and nothing twice', async () => {
    const file = join(folder, 'tags.db')
    const first = await runCli(['tag', CAPTURE, '--db', `sqlite:${file}`, '--output', 'jsonl'])
    expect(first).toMatchObject({ status: 0, stderr: '' })
    const kept = keptRows(file)
    expect(kept.map((row) => row.uuid)).toEqual(uuids)
    expect(kept.map(withoutTimeOfWriting)).toEqual(byUuid(rows).map(withoutTimeOfWriting))

    const second = await runCli(['tag', CAPTURE, '--db', `sqlite:${file}`])
    expect(second.status).toBe(0)
    expect(second.stdout).toMatch(/\b0 new\b/)
    expect(keptRows(file)).toEqual(kept)
  })

  it('takes the database from the environment', async () => {
    const file = join(folder, 'from-environment.db')
    const log = fileOf('short.json', captureLines().slice(0, 300).join('\n'))
    const result = await runCli(['tag', log, '--output', 'jsonl'], {
      env: { DECNET_TTP_DATABASE_URL: `sqlite:${file}` },
    })
    expect(keptRows(file).map((row) => row.uuid)).toEqual(uuidsOf(result))
  })
})

describe('tag --output csv', () => {
  it('gives a header and one record a tag, none of which a spreadsheet runs', async () => {
    const { status, stdout } = await runCli(['tag', CAPTURE, '--output', 'csv'])
    expect(status).toBe(0)
    const [header, ...records] = parseCsv(stdout)
    expect(header!.slice(0, 3)).toEqual(['uuid', 'source_kind', 'source_id'])
    expect(records.map((record) => record[0]).sort()).toEqual(uuids)
    expect(records.filter((record) => record.length !== header!.length)).toEqual([])
    expect(records.flat().filter((cell) => /^[=+\-@\t\r\n]/.test(cell))).toEqual([])
  })
})

describe('tag --output summary', () => {
  it('has its sections and no colours where it is piped', async () => {
    const { status, stdout, stderr } = await runCli(['tag', CAPTURE])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    for (const section of ['What the attackers did', 'Techniques', 'Busiest attackers', 'Indicators', 'Next']) {
      expect(stdout).toMatch(new RegExp(`^${section}`, 'm'))
    }
    expect(stdout).toContain('51 attackers · 157 sessions · 3 deckies')
    expect(stdout).toContain('3,739 lines')
    expect(stdout).not.toContain('\x1b')
  })

  it('has colours where they are forced, and none where NO_COLOR is set beside it', async () => {
    const log = fileOf('coloured.json', captureLines().slice(0, 300).join('\n'))
    expect((await runCli(['tag', log], { env: { FORCE_COLOR: '1' } })).stdout).toContain('\x1b[')
    expect((await runCli(['tag', log], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toContain('\x1b')
  })
})

describe('tag --min-confidence', () => {
  it('leaves out the tags below it, and those alone', async () => {
    const result = await runCli(['tag', CAPTURE, '--output', 'jsonl', '--min-confidence', '0.9'])
    const expected = rows.filter((row) => row.confidence >= 0.9).map((row) => row.uuid)
    expect(uuidsOf(result)).toEqual(expected.sort())
  })

  it('says in the summary from which confidence on it counts', async () => {
    const { stdout } = await runCli(['tag', CAPTURE, '--min-confidence', '0.95'])
    expect(stdout).toContain('confidence from 0.95')
    const count = rows.filter((row) => row.confidence >= 0.95).length
    expect(stdout).toContain(`${count.toLocaleString('en')} tags`)
  })
})

describe('a reader that goes away', () => {
  it.each(['jsonl', 'csv', 'summary'])('ends %s quietly', async (output) => {
    const child = startCli(['tag', CAPTURE, CAPTURE, CAPTURE, '--output', output])
    child.stdin.end()
    let stderr = ''
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.stdout.once('data', () => child.stdout.destroy())
    const [status] = await once(child, 'close')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})

describe('a reader that goes away while a database is filled', () => {
  it('does not keep the tags from it', async () => {
    const file = join(folder, 'reader-gone.db')
    const child = startCli(['tag', CAPTURE, '--output', 'jsonl', '--db', `sqlite:${file}`])
    child.stdin.end()
    child.stdout.once('data', () => child.stdout.destroy())
    await once(child, 'close')
    expect(keptRows(file).map((row) => row.uuid)).toEqual(uuids)
  })
})

/** Some whole sessions of the capture. */
function partLines(): string[] {
  return captureLines().filter((line) => /"session":"[0-3]/.test(line))
}

function part(): Buffer {
  return Buffer.from(partLines().join('\n'))
}

function uuidsOf({ stdout }: CliResult): string[] {
  return linesOf(stdout)
    .map((line) => (JSON.parse(line) as TagRow).uuid)
    .sort()
}

function fileOf(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

type KeptRow = Omit<TagRow, 'source_ip'>

function keptRows(file: string): readonly KeptRow[] {
  const connection = new SqliteConnection(file, { readonly: true })
  try {
    const kept = connection.prepare('select * from ttp_tag order by uuid').all() as (KeptRow & { evidence: string })[]
    return kept.map((row) => ({ ...row, evidence: JSON.parse(row.evidence) as TagRow['evidence'] }))
  } finally {
    connection.close()
  }
}

function byUuid(unsorted: readonly TagRow[]): readonly TagRow[] {
  return [...unsorted].sort((left, right) => (left.uuid < right.uuid ? -1 : 1))
}

/** What a row says, apart from when it was written and from the column that only the output has. */
function withoutTimeOfWriting(row: KeptRow): Record<string, unknown> {
  const { created_at: _createdAt, source_ip: _sourceIp, ...said } = row as TagRow
  return said
}

describe('a log that tells nothing of use', () => {
  it('is said to', async () => {
    const line = captureLines().find((one) => one.includes('"cowrie.log.closed"'))!
    const result = await runCli(['tag', fileOf('closed.json', line)])
    expect(result).toMatchObject({ status: 0, stdout: '' })
    expect(result.stderr).toMatch(/closed\.json: none of its lines tells what any rule looks at/)
  })
})

describe('what takes several events', () => {
  const concluded = (result: CliResult) =>
    linesOf(result.stdout)
      .map((line) => JSON.parse(line) as TagRow)
      .filter(({ basis }) => basis === 'derived')

  it('is concluded, names its sessions, and is left out where that is asked for', async () => {
    const tags = rows.filter(({ basis }) => basis === 'derived')
    expect(new Set(tags.map(({ rule_id }) => rule_id)).size).toBeGreaterThan(10)
    for (const { evidence } of tags) expect(JSON.stringify(evidence)).toMatch(/"session_ids":\["[0-9a-f]/)
    const alone = await runCli(['tag', CAPTURE, '--output', 'jsonl', '--no-correlation'])
    expect(concluded(alone)).toEqual([])
    expect(uuidsOf(alone)).toEqual(byUuid(rows.filter(({ basis }) => basis === 'observed')).map(({ uuid }) => uuid))
  })

  it('goes on in a later run from the state that is kept, and ends up the same', async () => {
    const lines = captureLines()
    const state = join(folder, 'tags.state')
    const files = [0, 1, 2].map((piece) => {
      const slice = lines.slice((lines.length * piece) / 3, (lines.length * (piece + 1)) / 3)
      return fileOf(`piece-${piece}.json`, `${slice.join('\n')}\n`)
    })
    const found: string[] = []
    for (const file of files) {
      const result = await runCli(['tag', file, '--state', state, '--output', 'jsonl'])
      expect(result).toMatchObject({ status: 0, stderr: '' })
      found.push(...uuidsOf(result))
    }
    expect(uuids).toEqual(expect.arrayContaining(found))
    const open = uuids.filter((uuid) => !found.includes(uuid))
    const missing = rows.filter(({ uuid }) => open.includes(uuid))
    // The last hour and day are waited for yet.
    for (const { basis, observed_at } of missing) {
      expect(basis).toBe('derived')
      expect(observed_at > '2026-11-21T00').toBe(true)
    }
  })

  it('proves that order does not matter', async () => {
    const result = await runCli(['tag', fileOf('part-again.json', part()), '--verify-replay'])
    expect(result).toMatchObject({ status: 0, stderr: '' })
    expect(linesOf(result.stdout)).toHaveLength(8)
    for (const line of linesOf(result.stdout)) expect(line).toMatch(/same tags$/)
  })

  it('knows the identities that it is told', async () => {
    const identity = '0b9b5f0e-0000-4000-8000-000000000000'
    const ips = [...new Set(rows.map(({ source_ip }) => source_ip))].filter((ip) => ip !== null)
    const file = fileOf('identities.jsonl', JSON.stringify({ identity_uuid: identity, source_ips: ips }))
    const result = await runCli(['tag', CAPTURE, '--identities', file, '--output', 'jsonl'])
    const told = concluded(result).filter(({ identity_uuid }) => identity_uuid === identity)
    expect(new Set(told.map(({ rule_id }) => rule_id))).toContain('R0003')
    for (const { attacker_uuid } of told) expect(attacker_uuid).toBeNull()
  })

  it('keeps the state of a stream that is stopped, which ends in no other way', async () => {
    const state = join(folder, 'stream.state')
    const child = startCli(['tag', '-', '--format', 'cowrie', '--state', state, '--output', 'jsonl'])
    child.stdin.write(`${captureLines().slice(0, 400).join('\n')}\n`)
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    const [status] = await once(child, 'close')
    expect(status).toBe(130)
    const kept = JSON.parse(readFileSync(state, 'utf8')) as { correlation: { attackers: unknown[] } }
    expect(kept.correlation.attackers.length).toBeGreaterThan(0)
  })

  it('keeps no state beyond tags that a database did not take', async () => {
    const file = join(folder, 'refusing.db')
    await runCli(['tag', fileOf('one.json', captureLines().slice(0, 20).join('\n')), '--db', `sqlite:${file}`])
    const database = new SqliteConnection(file)
    database.exec("CREATE TRIGGER refuse BEFORE INSERT ON ttp_tag BEGIN SELECT RAISE(FAIL, 'refused'); END")
    database.close()
    const state = join(folder, 'refused.state')
    const result = await runCli(['tag', CAPTURE, '--db', `sqlite:${file}`, '--state', state])
    expect(result).toMatchObject({ status: 1, stderr: expect.stringContaining('are not kept') })
    expect(existsSync(state)).toBe(false)
  })

  it('refuses a state of another key and identities that are none', async () => {
    const state = join(folder, 'one.state')
    await runCli(['tag', CAPTURE, '--state', state])
    rmSync(`${state}.key`)
    const other = await runCli(['tag', CAPTURE, '--state', state])
    expect(other).toMatchObject({ status: 2, stderr: expect.stringContaining('another key') })
    for (const broken of [fileOf('half.state', '{"version":1,"keyId":"x"}'), fileOf('torn.state', '{')]) {
      const result = await runCli(['tag', CAPTURE, '--state', broken])
      expect(result).toMatchObject({ status: 2, stderr: expect.stringContaining('no state') })
    }
    fileOf('empty.state.key', '')
    const empty = await runCli(['tag', CAPTURE, '--state', join(folder, 'empty.state')])
    expect(empty).toMatchObject({ status: 2, stderr: expect.stringContaining('holds no key') })
    const result = await runCli(['tag', CAPTURE, '--identities', fileOf('none.jsonl', '\n{}')])
    expect(result).toMatchObject({ status: 2, stderr: expect.stringContaining('none.jsonl:2') })
  })
})
