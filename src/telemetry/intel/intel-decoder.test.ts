import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  abuseipdbCheck,
  CANARY,
  feodoEntry,
  greynoiseCommunity,
  greynoiseContext,
  greynoiseV3,
  threatfoxEntry,
  threatfoxExport,
} from '../../../test/support/provider-answers.js'
import { computeAttackerUuid } from '../../events/ids.js'
import { SOURCE_KINDS } from '../../events/source-kinds.js'
import type { Payload } from '../../events/tagger-event.js'
import type { Decoded } from '../decoder.js'
import { logFormats, recogniseFormat } from '../formats.js'
import { IntelDecoder } from './intel-decoder.js'

const IP = '192.0.2.10'

function decode(answer: unknown): Decoded {
  const bytes = Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer))
  return new IntelDecoder({ sourceKinds: null }).decode(bytes, 0, bytes.length)
}

function eventsOf(answer: unknown) {
  const decoded = decode(answer)
  if (decoded.kind !== 'events') throw new Error(JSON.stringify(decoded))
  return decoded.events
}

const warningsOf = (answer: unknown) => {
  const decoded = decode(answer)
  return decoded.kind === 'events' ? decoded.warnings.map(({ code }) => code) : decoded.kind
}

interface Expectation {
  readonly time: string
  readonly payload: Payload
}

describe('IntelDecoder', () => {
  it.each<[string, unknown, Expectation]>([
    [
      'AbuseIPDB',
      abuseipdbCheck(IP, { abuseConfidenceScore: 87 }, [[18, 22], [22, 14], []]),
      {
        time: '2026-11-19T21:14:05.000Z',
        payload: { provider: 'abuseipdb', classification: 'malicious', score: 0.87, categories: ['14', '18', '22'] },
      },
    ],
    [
      'AbuseIPDB without reports',
      abuseipdbCheck(IP, { abuseConfidenceScore: 30, reports: null }),
      {
        time: '2026-11-19T21:14:05.000Z',
        payload: { provider: 'abuseipdb', classification: 'suspicious', score: 0.3, categories: [] },
      },
    ],
    [
      'AbuseIPDB, an address on its white list',
      abuseipdbCheck(IP, { isWhitelisted: true, lastReportedAt: null }),
      {
        time: '2026-11-19T21:14:05.000Z',
        payload: { provider: 'abuseipdb', classification: 'unknown', score: 1, categories: ['18', '22'] },
      },
    ],
    [
      'GreyNoise v3',
      greynoiseV3(IP, { tor: true }),
      {
        time: '2026-11-19T22:10:00.000Z',
        payload: {
          provider: 'greynoise',
          classification: 'malicious',
          score: 1,
          categories: ['ssh-bruteforcer', 'tor'],
        },
      },
    ],
    [
      'GreyNoise Community',
      greynoiseCommunity(IP),
      {
        time: '2026-11-19T00:00:00.000Z',
        payload: { provider: 'greynoise', classification: 'benign', score: 0, categories: [] },
      },
    ],
    [
      'GreyNoise Community, a service',
      greynoiseCommunity(IP, { noise: false, riot: true, classification: 'benign' }),
      {
        time: '2026-11-19T00:00:00.000Z',
        payload: { provider: 'greynoise', classification: 'benign', score: 0, categories: [] },
      },
    ],
    [
      'GreyNoise v2',
      greynoiseContext(IP),
      {
        time: '2026-11-19T00:00:00.000Z',
        payload: {
          provider: 'greynoise',
          classification: 'malicious',
          score: 1,
          categories: ['mirai', 'telnet-bruteforcer', 'tor'],
        },
      },
    ],
    [
      'GreyNoise with a class that is not known',
      greynoiseV3(IP, { classification: 'scanner', tags: [], last_seen_timestamp: '' }),
      {
        time: '2026-11-19T00:00:00.000Z',
        payload: { provider: 'greynoise', classification: 'unknown', score: 0.5, categories: [] },
      },
    ],
    [
      'Feodo Tracker',
      feodoEntry(IP),
      {
        time: '2026-11-18T00:00:00.000Z',
        payload: {
          provider: 'feodo',
          classification: 'malicious',
          score: 1,
          categories: ['listed'],
          family: 'Dridex',
        },
      },
    ],
    [
      'Feodo Tracker, never online',
      feodoEntry(IP, { last_online: null, malware: null }),
      {
        time: '2026-01-17T07:30:05.000Z',
        payload: { provider: 'feodo', classification: 'malicious', score: 1, categories: ['listed'] },
      },
    ],
    [
      'ThreatFox',
      { query_status: 'ok', data: [threatfoxEntry(IP)] },
      {
        time: '2026-11-18T10:00:00.000Z',
        payload: {
          provider: 'threatfox',
          classification: 'malicious',
          score: 1,
          categories: ['botnet_cc'],
          family: 'Cobalt Strike',
        },
      },
    ],
    [
      'ThreatFox, an export',
      threatfoxExport(IP, { malware_printable: 'Unknown malware' }),
      {
        time: '2026-11-01T09:10:23.000Z',
        payload: { provider: 'threatfox', classification: 'malicious', score: 0.75, categories: ['botnet_cc'] },
      },
    ],
    [
      'ThreatFox, a URL, without a confidence',
      threatfoxEntry(IP, {
        ioc: `http://${IP}:8080/a/b?c`,
        ioc_type: 'url',
        threat_type: 'payload_delivery',
        confidence_level: null,
        malware_printable: 'Mirai',
      }),
      {
        time: '2026-11-18T10:00:00.000Z',
        payload: {
          provider: 'threatfox',
          classification: 'malicious',
          score: 0.5,
          categories: ['payload_delivery'],
          family: 'Mirai',
        },
      },
    ],
  ])('reads a verdict of %s and nothing else of it', (_name, answer, { time, payload }) => {
    const decoded = decode(answer)
    expect(decoded).toMatchObject({ kind: 'events', warnings: [] })
    const [event, ...others] = eventsOf(answer)
    expect(others).toEqual([])
    expect(event).toMatchObject({
      sourceKind: 'intel',
      sourceIp: IP,
      attackerUuid: computeAttackerUuid(IP),
      sessionId: null,
      deckyId: null,
    })
    expect(event!.observedAt.toISOString()).toBe(time)
    expect(event!.payload).toEqual(payload)
    expect(SOURCE_KINDS.intel.payload.strict().safeParse(payload).success).toBe(true)
    expect(JSON.stringify(decoded)).not.toContain(CANARY)
  })

  it('reads each of several verdicts', () => {
    const several = [
      { data: [greynoiseV3(IP), greynoiseV3('192.0.2.11')], request_metadata: { count: 2 } },
      { meta: { generatedAt: '2026-11-20T00:00:00+00:00' }, data: [abuseipdbCheck(IP).data, abuseipdbCheck(IP).data] },
      { query_status: 'ok', data: [threatfoxEntry(IP), threatfoxEntry('192.0.2.12')] },
      { provider: 'feodo', answer: [feodoEntry(IP), feodoEntry('192.0.2.13')] },
    ]
    for (const answer of several) expect(eventsOf(answer)).toHaveLength(2)
  })

  it.each([
    ['AbuseIPDB, nothing reported', abuseipdbCheck(IP, { abuseConfidenceScore: 0, reports: [], lastReportedAt: null })],
    ['GreyNoise Community, not seen', { ip: IP, noise: false, riot: false, message: 'IP not observed' }],
    ['GreyNoise v3, not seen', { ...greynoiseV3(IP, { found: false, classification: '' }) }],
    ['ThreatFox, no result', { query_status: 'no_result', data: 'Your search did not yield any results' }],
    ['ThreatFox, no address', threatfoxEntry(IP, { ioc: 'bad.example.com', ioc_type: 'domain' })],
    ['ThreatFox, a URL of a name', threatfoxEntry(IP, { ioc: 'https://bad.example.com/x', ioc_type: 'url' })],
    ['nothing', '  '],
  ])('ignores an answer that tells of nothing: %s', (_name, answer) => {
    expect(decode(answer)).toEqual({ kind: 'ignored' })
  })

  it.each([
    ['AbuseIPDB', { errors: [{ detail: `${CANARY} limit of 1000 requests exceeded`, status: 429 }] }, '(429)'],
    ['AbuseIPDB without a score', abuseipdbCheck(IP, { abuseConfidenceScore: undefined }), 'abuseConfidenceScore'],
    ['GreyNoise', { message: `${CANARY} You have hit your rate limit` }, 'GreyNoise'],
    ['ThreatFox', { query_status: 'unknown_auth_key' }, 'ThreatFox'],
  ])('tells of an answer that is an error: %s', (_name, answer, word) => {
    const decoded = decode(answer)
    expect(decoded).toMatchObject({ kind: 'events', events: [], warnings: [{ code: 'no-verdict' }] })
    expect(JSON.stringify(decoded)).toContain(word)
    expect(JSON.stringify(decoded)).not.toContain(CANARY)
  })

  it('takes from an envelope what the answer does not tell, and no more', () => {
    const service = { riot: true, trust_level: '1' }
    expect(eventsOf({ address: IP, fetched_at: '2026-11-20', answer: { riot: true } })[0]).toMatchObject({
      sourceIp: IP,
      payload: { classification: 'benign' },
    })
    const envelope = { provider: 'greynoise', address: IP, fetched_at: '2026-11-20T06:00:00Z', answer: service }
    expect(eventsOf({ ...envelope, answer: { ...service, ip: '192.0.2.99' } })[0]).toMatchObject({
      sourceIp: '192.0.2.99',
      observedAt: new Date('2026-11-20T06:00:00Z'),
    })
    const [bare, ...fetched] = ['2026-11-20', '2026-11-21'].map(
      (time) => eventsOf({ ...envelope, fetched_at: `${time}T06:00:00Z`, answer: greynoiseCommunity(IP) })[0]!,
    )
    for (const other of fetched) expect(other.sourceId).toBe(bare!.sourceId)
    expect(eventsOf(greynoiseCommunity(IP))[0]!.sourceId).toBe(bare!.sourceId)
  })

  it('gives one verdict one id, and another for whatever matters', () => {
    const id = (answer: unknown) => eventsOf(answer)[0]!.sourceId
    const same = abuseipdbCheck(IP, {}, [[22], [18], [18]])
    expect(id(abuseipdbCheck(IP, { isp: 'another', totalReports: 7 }))).toBe(id(same))
    const others = [
      abuseipdbCheck('192.0.2.11'),
      abuseipdbCheck(IP, { abuseConfidenceScore: 99 }),
      abuseipdbCheck(IP, { lastReportedAt: '2026-11-19T21:14:06+00:00' }),
      abuseipdbCheck(IP, {}, [[18]]),
      feodoEntry(IP),
      feodoEntry(IP, { malware: 'QakBot' }),
    ]
    expect(new Set([same, ...others].map(id)).size).toBe(others.length + 1)
  })

  it.each([
    ['no time', greynoiseCommunity(IP, { last_seen: null }), 'missing-field', 'fetched_at'],
    ['a time that is none', feodoEntry(IP, { last_online: 'soon', first_seen: null }), 'missing-field', 'fetched_at'],
    ['no address', abuseipdbCheck(IP, { ipAddress: null }), 'missing-field', '"address"'],
    ['an address that is none', feodoEntry('bad.example.com'), 'wrong-type', 'address'],
    ['another document', { eventid: 'cowrie.login.failed', src_ip: IP }, 'missing-field', 'no answer'],
    ['an unknown provider', { provider: CANARY, answer: {} }, 'wrong-type', 'abuseipdb, greynoise'],
    ['an answer of another provider', { provider: 'feodo', answer: greynoiseV3(IP) }, 'missing-field', 'provider'],
    ['no JSON', '{"data": ', 'invalid-json', 'ends'],
  ])('refuses %s, and says what to do', (_name, answer, code, word) => {
    const decoded = decode(answer)
    expect(decoded).toMatchObject({ kind: 'refused', problem: { code } })
    expect(JSON.stringify(decoded)).toContain(JSON.stringify(word).slice(1, -1))
    expect(JSON.stringify(decoded)).not.toContain(CANARY)
  })

  it('leaves out what has the wrong type, with a warning, and uses the rest', () => {
    expect(warningsOf(abuseipdbCheck(IP, {}, [[18, 'x'], 'y']))).toEqual(['wrong-type', 'wrong-type'])
    expect(warningsOf(abuseipdbCheck(IP, { reports: 7, isWhitelisted: 'no' }))).toEqual(['wrong-type'])
    expect(warningsOf(greynoiseV3(IP, { tags: { a: 1 }, last_seen_timestamp: 5 }))).toEqual([
      'wrong-type',
      'wrong-type',
    ])
    expect(warningsOf(feodoEntry(IP, { malware: ['Dridex'] }))).toEqual(['wrong-type'])
    expect(warningsOf(threatfoxEntry(IP, { confidence_level: 'high' }))).toEqual(['wrong-type'])
    expect(warningsOf(feodoEntry(IP, { last_online: '2199-01-01' }))).toEqual(['implausible-time'])
    expect(warningsOf({ query_status: 'ok', data: [threatfoxEntry(IP), threatfoxEntry(IP, NO_TIMES)] })).toEqual([
      'missing-field',
    ])
  })

  it('takes no text for a family', () => {
    const family = (malware: string) => eventsOf(feodoEntry(IP, { malware }))[0]!.payload.family
    expect(family('QakBot')).toBe('QakBot')
    for (const text of ['<b>x</b>', 'a\nb', 'x'.repeat(65), '=1+1', '\u202eevil', 'unknown']) {
      expect(family(text)).toBeUndefined()
    }
  })

  it('keeps a bounded number of categories, the same ones in any order', () => {
    const tags = Array.from({ length: 500 }, (_, index) => ({ slug: `tag-${index}`, intention: 'malicious' }))
    const categories = eventsOf(greynoiseV3(IP, { tags }))[0]!.payload.categories as string[]
    expect(categories).toHaveLength(64)
    expect(eventsOf(greynoiseV3(IP, { tags: tags.toReversed() }))[0]!.payload.categories).toEqual(categories)
  })

  it('never throws, whatever an answer holds', () => {
    const answers = [
      abuseipdbCheck(IP),
      greynoiseV3(IP),
      greynoiseContext(IP),
      feodoEntry(IP),
      threatfoxEntry(IP),
      threatfoxExport(IP),
      { query_status: 'ok', data: [threatfoxEntry(IP)] },
      { provider: 'feodo', address: IP, fetched_at: '2026-11-20T06:00:00Z', answer: feodoEntry(IP) },
    ]
    const places = answers.flatMap((answer) => placesOf(answer).map((place) => ({ answer, place })))
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), ({ answer, place }, odd) => {
        const decoded = decode(withValue(answer, place, odd))
        if (decoded.kind !== 'events') return
        for (const { payload } of decoded.events) {
          expect(SOURCE_KINDS.intel.payload.strict().safeParse(payload).error?.issues ?? []).toEqual([])
        }
      }),
      { numRuns: 2000 },
    )
    fc.assert(fc.property(fc.jsonValue(), (value) => ['events', 'ignored', 'refused'].includes(decode(value).kind)))
    fc.assert(fc.property(fc.string(), (text) => ['ignored', 'refused'].includes(decode(`{${text}`).kind)))
  })

  it('takes deep nesting and long lists', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    expect(decode(`{"data":${deep}}`)).toMatchObject({ kind: 'refused' })
    expect(decode(`{"data":${'['.repeat(100_000)}`)).toMatchObject({ kind: 'refused' })
    const reports = Array.from({ length: 10_000 }, () => [14, 18, 22])
    expect(eventsOf(abuseipdbCheck(IP, {}, reports))[0]!.payload.categories).toEqual(['14', '18', '22'])
  })
})

describe('intelFormat', () => {
  it('is never recognised, nor let in by another format', () => {
    for (const answer of [abuseipdbCheck(IP), greynoiseV3(IP), feodoEntry(IP), threatfoxEntry(IP)]) {
      expect(recogniseFormat([JSON.stringify(answer)])).toBeNull()
      for (const format of logFormats.filter(({ name }) => name !== 'intel')) {
        const lines = [answer, { ...answer, source_kind: 'intel' }].flatMap((one) => {
          const text = JSON.stringify(one)
          return [text, `<13>Nov 20 08:00:00 decoy-1 app[1]: ${text}`]
        })
        for (const line of lines) {
          const bytes = Buffer.from(line)
          const decoded = format.createDecoder({ sourceKinds: null }).decode(bytes, 0, bytes.length)
          const kinds = decoded.kind === 'events' ? decoded.events.map(({ sourceKind }) => sourceKind) : []
          expect(kinds, format.name).not.toContain('intel')
        }
      }
    }
  })
})

const NO_TIMES = { first_seen: null, last_seen: null }

/** The ways to all values inside a value. */
function placesOf(value: unknown, way: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [way]
  return [way, ...Object.entries(value).flatMap(([name, inner]) => placesOf(inner, [...way, name]))]
}

function withValue(value: unknown, [name, ...rest]: readonly string[], odd: unknown): unknown {
  if (name === undefined) return odd
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...(value as object) }
  copy[name] = withValue(copy[name], rest, odd)
  return copy
}
