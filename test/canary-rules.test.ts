import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getTagger, loadRuleset } from '../src/app.js'
import { SIGNALS } from '../src/browser/signals.js'
import { type Geography, NO_GEOGRAPHY } from '../src/geography/geography.js'
import { EventPipeline } from '../src/pipeline/event-pipeline.js'
import { tagStream } from '../src/pipeline/tag-stream.js'
import type { Ruleset } from '../src/rules/ruleset.js'
import { DEFAULT_MIN_CONFIDENCE } from '../src/tagging/confidence.js'
import { mostSpecificId, type Tag } from '../src/tagging/tag.js'
import { HONEST_BROWSERS, type SeenBrowser, TELLING_BROWSERS, TEST_GEOGRAPHY } from './support/browsers.js'
import { cowrieLine } from './support/cowrie-line.js'
import { recordSpans, saidBy } from './support/record-spans.js'
import { recordingLog } from './support/recording-log.js'
import { runCli } from './support/run-cli.js'
import { writeMmdb } from './support/write-mmdb.js'

const TIME = '2026-11-20T08:25:04Z'

let ruleset: Ruleset
const log = recordingLog()
const spans = recordSpans()

beforeAll(async () => {
  ruleset = (await loadRuleset()).ruleset
})

/** The tags of lines of telemetry, recognised as what they are. */
async function tagsOf(lines: readonly object[], geography: Geography = NO_GEOGRAPHY): Promise<readonly Tag[]> {
  const tagger = getTagger({ tagger_type: 'composite' }, { log })
  const pipeline = new EventPipeline({ ruleset, tagger, geography })
  const text = lines.map((line) => JSON.stringify(line)).join('\n')
  const tags: Tag[] = []
  for await (const tagged of tagStream(pipeline, [Buffer.from(text)])) tags.push(...tagged.tags)
  return tags
}

const triggered = (more: object) => ({
  event: 'canary.triggered',
  time: TIME,
  attacker_ip: '198.51.100.7',
  token_id: 'a',
  ...more,
})
const fingerprinted = ({ sourceIp, signals }: SeenBrowser) => ({
  event: 'canary.fingerprinted',
  time: TIME,
  attacker_ip: sourceIp,
  token_id: 'a',
  signals,
})
const alert = (more: object) => ({
  channel: 'HTTP',
  src_ip: '198.51.100.7',
  token: 'a1b2c3',
  time: '2026-11-20 08:25:04 (UTC)',
  memo: 'memo',
  manage_url: 'https://canary.example.net/manage?token=a1b2c3&auth=x',
  ...more,
})

describe('the rules of canaries', () => {
  it.each([
    ['R0390', 'aws_keys', ['T1552.001', 'T1078.004']],
    ['R0391', 'ms_word', ['T1005']],
    ['R0391', 'my_sql', ['T1005']],
    ['R0392', 'dns', ['T1005']],
    ['R0392', 'unheard_of', ['T1005']],
    ['R0392', undefined, ['T1005']],
    ['R0393', 'kubeconfig', ['T1552.001']],
    ['R0393', 'wireguard', ['T1552.001']],
    ['R0394', 'svn', ['T1213.003']],
    ['R0395', 'sql_server', ['T1213.006']],
    ['R0396', 'windows_dir', ['T1083']],
    ['R0398', 'credit_card_v2', ['T1005', 'T1657']],
    ['R0399', 'clonedsite', ['T1608.005']],
  ])('%s alone speaks of the token %s, of either form', async (ruleId, token_type, techniques) => {
    for (const line of [triggered({ token_type }), alert({ token_type })]) {
      const tags = await tagsOf([line])
      expect(tags.map((tag) => tag.ruleId)).toEqual(techniques.map(() => ruleId))
      expect(tags.map(mostSpecificId)).toEqual(techniques)
      for (const tag of tags)
        expect(tag).toMatchObject({
          basis: 'observed',
          outcome: 'confirmed',
          evidence: { token_id: expect.stringMatching(/^a(?:1b2c3)?$/) },
        })
    }
  })

  it.each(['smtp', 'log4shell', 'cmd', 'pwa', 'idp_app'])('say nothing of the token %s', async (token_type) => {
    expect(await tagsOf([triggered({ token_type }), alert({ token_type })])).toEqual([])
  })

  it('say nothing of what operators do', async () => {
    const lines = ['canary.placed', 'canary.revoked'].map((event) => triggered({ event, token_type: 'aws_keys' }))
    expect(await tagsOf([...lines, alert({ token: 'a+test+token', token_type: 'aws_keys' })])).toEqual([])
  })
})

describe('the rules of browsers', () => {
  it.each(Object.entries(TELLING_BROWSERS))('are sure of %s', async (_, browser) => {
    const tags = await tagsOf([fingerprinted(browser)], TEST_GEOGRAPHY)
    const found = tags.filter(({ ruleId }) => ruleId === browser.rule)
    expect(found.map(mostSpecificId)).toContain(browser.technique)
    const tag = found.find((one) => mostSpecificId(one) === browser.technique)
    expect(tag?.confidence).toBeGreaterThanOrEqual(DEFAULT_MIN_CONFIDENCE)
  })

  it.each(Object.entries(HONEST_BROWSERS))('show nothing of %s', async (_, browser) => {
    const tags = await tagsOf([fingerprinted(browser)], TEST_GEOGRAPHY)
    const shown = tags.filter(({ confidence }) => confidence >= DEFAULT_MIN_CONFIDENCE)
    expect(shown.map(({ ruleId, confidence, evidence }) => ({ ruleId, confidence, evidence }))).toEqual([])
  })

  it('state nothing of an automation flag alone, and are surer of a tool with it', async () => {
    const flagged = { ...HONEST_BROWSERS['Chrome on Windows']!.signals, webdriver: true }
    const of = async (signals: SeenBrowser['signals']) =>
      (await tagsOf([fingerprinted({ sourceIp: '192.0.2.7', signals })])).filter(({ ruleId }) => ruleId === 'R0050')
    expect(await of(flagged)).toEqual([])
    const globals = ['__playwright__binding__']
    const [tool] = await of({ ...flagged, webdriver: false, globals })
    const [surer] = await of({ ...flagged, globals })
    expect(surer!.confidence).toBeGreaterThan(tool!.confidence)
    expect(surer!.evidence).toMatchObject({ signature_id: 'playwright', signs: ['automation_tool', 'automation_flag'] })
  })

  it('state nothing of two sessions with the same fingerprint', async () => {
    const { signals } = HONEST_BROWSERS['Chrome on Windows']!
    const lines = ['192.0.2.7', '192.0.2.8', '192.0.2.9'].map((sourceIp) => fingerprinted({ sourceIp, signals }))
    const tags = await tagsOf(lines, TEST_GEOGRAPHY)
    expect(tags.filter(({ confidence }) => confidence >= DEFAULT_MIN_CONFIDENCE)).toEqual([])
  })

  it('stay silent where nothing is known of countries, but of unlike addresses', async () => {
    for (const browser of Object.values(TELLING_BROWSERS)) {
      const tags = await tagsOf([fingerprinted(browser)])
      expect(tags.filter(({ ruleId }) => ruleId === 'R0052')).toEqual([])
      for (const { evidence, confidence } of tags.filter(({ ruleId }) => ruleId === 'R0051')) {
        const signs = evidence.signs as readonly string[]
        expect(signs).toEqual(['webrtc_other_network'])
        expect(confidence).toBeLessThan(DEFAULT_MIN_CONFIDENCE)
      }
    }
  })

  it('make the same ids with a database and without', async () => {
    const lines = Object.values(TELLING_BROWSERS).map(fingerprinted)
    const idsOf = (tags: readonly Tag[]) => new Set(tags.map(({ uuid }) => uuid))
    const [without, within] = [idsOf(await tagsOf(lines)), idsOf(await tagsOf(lines, TEST_GEOGRAPHY))]
    expect(within.size).toBeGreaterThan(without.size)
    for (const id of without) expect(within).toContain(id)
  })
})

describe('what an operator wrote of a token, and what a browser told', () => {
  /** Stands in every field, and must never come out again. */
  const MARK = 'kanarienvogel'
  const KEY = 'schluesselbund'
  const marked = ({ type }: { readonly type: string }, honest: unknown) => {
    if (type === 'texts') return [`${MARK}-0`, ...(Array.isArray(honest) ? honest : [])]
    return type === 'text' ? `${honest ?? ''} ${MARK}` : honest
  }
  const lines = Object.values(TELLING_BROWSERS).map(({ sourceIp, signals }) => ({
    ...fingerprinted({ sourceIp, signals }),
    memo: MARK,
    operator: MARK,
    session_id: 's1',
    signals: {
      ...Object.fromEntries(
        Object.entries(SIGNALS).map(([name, definition]) => [
          name,
          // A time zone with more behind it is none.
          name === 'time_zone' ? signals.time_zone : marked(definition, signals[name as keyof typeof SIGNALS]),
        ]),
      ),
      [MARK]: MARK,
    },
  }))
  const alerts = ['aws_keys', 'ms_word', 'dns'].map((token_type) =>
    alert({
      token_type,
      memo: MARK,
      manage_url: `https://canary.example.net/manage?token=a1b2c3&auth=${KEY}`,
      src_data: { [MARK]: KEY },
      additional_data: { useragent: MARK, referer: MARK, location: KEY, geo_info: { org: MARK, hostname: MARK } },
      public_domain: MARK,
    }),
  )
  const triggers = ['aws_keys', 'ms_word', 'dns'].map((token_type) =>
    triggered({ token_type, memo: MARK, user_agent: MARK, [MARK]: MARK }),
  )
  const all = [...lines, ...alerts, ...triggers]
  const folder = mkdtempSync(join(tmpdir(), 'canary-'))
  const file = join(folder, 'canary.jsonl')
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each([['jsonl'], ['csv'], ['summary']])('is not in %s', async (output) => {
    writeFileSync(file, all.map((line) => JSON.stringify(line)).join('\n'))
    const database = join(folder, `${output}.db`)
    const { status, stdout, stderr } = await runCli(['tag', file, '--output', output, '--db', `sqlite:${database}`])
    expect(status).toBe(0)
    expect(stdout).toContain('T1552')
    expect(stdout).toContain('T1588')
    const bytes = readdirSync(folder).filter((name) => name.startsWith(`${output}.db`))
    const everything = [stdout, stderr, ...bytes.map((name) => readFileSync(join(folder, name), 'latin1'))]
    expect(bytes.length).toBeGreaterThan(0)
    for (const text of everything) expect(text).not.toMatch(new RegExp(`${MARK}|${KEY}`, 'i'))
  })

  it('is not in logs and spans, nor in what refuses a line', async () => {
    const tags = await tagsOf(all, TEST_GEOGRAPHY)
    expect(tags.length).toBeGreaterThan(all.length)
    const said = spans.getFinishedSpans().map(saidBy)
    expect(said.filter(({ name }) => name === 'ttp.eval').length).toBeGreaterThan(all.length)
    const everything = JSON.stringify([tags, log.lines, said])
    expect(everything).not.toMatch(new RegExp(`${MARK}|${KEY}`, 'i'))
    const broken = all.map((line) =>
      JSON.stringify({ ...line, time: MARK, src_ip: undefined }).replace('"time"', '"time'),
    )
    writeFileSync(
      file,
      [...broken, JSON.stringify(alert({ src_ip: null, memo: MARK })), JSON.stringify(triggered({ time: MARK }))].join(
        '\n',
      ),
    )
    const { stdout, stderr } = await runCli(['tag', file, '--format', 'canary', '--output', 'jsonl'])
    expect(stderr).toContain('lines refused in all')
    expect(stdout + stderr).not.toMatch(new RegExp(`${MARK}|${KEY}`, 'i'))
  })
})

describe('databases of addresses', () => {
  const folder = mkdtempSync(join(tmpdir(), 'geography-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const countries = writeMmdb(join(folder, 'countries.mmdb'), {
    '192.0.2.0/24': { country_code: 'DE' },
    '203.0.113.0/24': { country_code: 'CN' },
  })
  const networks = writeMmdb(join(folder, 'networks.mmdb'), {
    '192.0.2.0/24': { autonomous_system_number: 64500 },
    '198.51.100.0/24': { autonomous_system_number: 64501 },
    '203.0.113.0/25': { autonomous_system_number: 64502 },
    '203.0.113.128/25': { autonomous_system_number: 64502 },
  })
  const env = { DECNET_TTP_COUNTRY_DATABASE: countries, DECNET_TTP_NETWORK_DATABASE: networks }
  const rulesOf = (stdout: string) =>
    new Set(stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).rule_id as string])))

  it('tell the country of a browser in `tag`', async () => {
    const browser = TELLING_BROWSERS['a browser with clock and language of another country']!
    const stdin = JSON.stringify(fingerprinted(browser))
    const args = ['tag', '-', '--output', 'jsonl', '--min-confidence', '0.6']
    expect(rulesOf((await runCli(args, { stdin })).stdout)).toEqual(new Set())
    expect(rulesOf((await runCli(args, { stdin, env })).stdout)).toEqual(new Set(['R0052']))
  })

  it('tell the autonomous systems that one actor came from on one day', async () => {
    const login = (src_ip: string, index: number) =>
      cowrieLine({
        eventid: 'cowrie.login.failed',
        src_ip,
        session: `s${index}`,
        sensor: 'decky-01',
        protocol: 'ssh',
        timestamp: `2026-11-20T08:0${index}:00Z`,
        username: 'root',
        password: 'x',
        input: undefined,
      })
    const identities = join(folder, 'identities.jsonl')
    const run = async (addresses: readonly string[], more: Readonly<Record<string, string>>) => {
      const identity_uuid = '0b9b5f0e-0000-4000-8000-000000000000'
      writeFileSync(identities, JSON.stringify({ identity_uuid, source_ips: addresses }))
      const stdin = addresses.map(login).join('\n')
      const { stdout } = await runCli(['tag', '-', '--output', 'jsonl', '--identities', identities], {
        stdin,
        env: more,
      })
      return rulesOf(stdout)
    }
    const apart = ['192.0.2.1', '198.51.100.2', '203.0.113.3']
    expect(await run(apart, env)).toContain('R0400')
    expect(await run(apart, {})).not.toContain('R0400')
    expect(await run(['192.0.2.1', '203.0.113.2', '203.0.113.203'], env)).not.toContain('R0400')
  })

  it('are refused with a remedy where they are none', async () => {
    for (const [more, message] of [
      [{ DECNET_TTP_COUNTRY_DATABASE: 'no.mmdb' }, /error: country_database: there is no file .*no\.mmdb/],
      [
        { DECNET_TTP_NETWORK_DATABASE: '@example/none' },
        /network_database: .*no package "@example\/none" is installed/,
      ],
    ] as const) {
      const { status, stderr } = await runCli(['tag', '-'], { env: more })
      expect([status, stderr]).toEqual([2, expect.stringMatching(message)])
    }
  })
})
