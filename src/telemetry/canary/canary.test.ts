import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLine, eventsOfLine } from '../../../test/support/decode-line.js'
import { givenFields, sortedFields } from '../../../test/support/given-fields.js'
import { SIGNALS } from '../../browser/signals.js'
import { recogniseFormat } from '../formats.js'
import { canaryFormat } from './canary-format.js'
import { CANARY_FIELDS } from './payloads.js'

const TRIGGER = {
  event: 'canary.triggered',
  time: '2026-11-20T08:25:04.123Z',
  attacker_ip: '198.51.100.7',
  session_id: 's-41',
  decky_id: 'files-01',
  token_id: 'hr-salaries',
  token_type: 'MS-Word',
  channel: 'HTTP',
  user_agent: 'Mozilla/5.0',
  source_country: 'de',
  source_network: 64500,
}
const FINGERPRINT = {
  ...TRIGGER,
  event: 'canary.fingerprinted',
  signals: { user_agent: 'Mozilla/5.0', webdriver: true, languages: ['de'], touch_points: 0 },
}
const SECRET = '0123456789abcdef0123456789abcdef'
const ALERT = {
  channel: 'HTTP',
  token_type: 'aws_keys',
  src_ip: '198.51.100.7',
  src_data: { aws_keys_event_source_ip: '198.51.100.7' },
  token: 'a1b2c3d4e5f6a1b2c3d4e5f6a',
  time: '2026-11-20 08:25:04 (UTC)',
  memo: 'the key on the backup server',
  manage_url: `https://canary.example.net/manage?token=a1b2c3d4e5f6a1b2c3d4e5f6a&auth=${SECRET}`,
  additional_data: {
    useragent: 'aws-cli/2.15.0',
    geo_info: { ip: '198.51.100.7', country: 'NL', asn: { asn: 'AS64500', name: 'Example', type: 'hosting' } },
  },
  public_domain: 'canary.example.net',
}

const decode = (line: object) => decodeLine(canaryFormat, JSON.stringify(line))
const eventOf = (line: object) => eventsOfLine(canaryFormat, JSON.stringify(line))[0]!

describe('the decoder of canaries', () => {
  it('gives the use of a token', () => {
    const event = eventOf(TRIGGER)
    expect(event).toMatchObject({
      sourceKind: 'canary',
      outcome: 'confirmed',
      sourceIp: '198.51.100.7',
      sessionId: 's-41',
      deckyId: 'files-01',
      observedAt: new Date('2026-11-20T08:25:04.123Z'),
    })
    expect(event.payload).toEqual({
      token_id: 'hr-salaries',
      token_type: 'ms_word',
      channel: 'http',
      user_agent: 'Mozilla/5.0',
      source_country: 'DE',
      source_network: 64500,
    })
  })

  it('gives what a browser told, and every field that it declares', () => {
    const event = eventOf(FINGERPRINT)
    expect(event).toMatchObject({ sourceKind: 'canary_fingerprint', outcome: null })
    expect(event.payload.signals).toEqual(FINGERPRINT.signals)
    expect(givenFields([eventOf(TRIGGER), event])).toEqual(sortedFields(CANARY_FIELDS))
  })

  it.each([
    ['attacker_ip', { attacker_ip: '192.0.2.1', src_ip: '192.0.2.2' }, '192.0.2.1'],
    ['source_ip', { attacker_ip: undefined, source_ip: '192.0.2.3', src_ip: '192.0.2.2' }, '192.0.2.3'],
    ['src_ip', { attacker_ip: null, src_ip: '192.0.2.2' }, '192.0.2.2'],
  ])('takes the address from %s', (_, more, address) => {
    expect(eventOf({ ...TRIGGER, ...more }).sourceIp).toBe(address)
  })

  it('takes a time in seconds', () => {
    expect(eventOf({ ...TRIGGER, time: 1_795_163_104.5 }).observedAt).toEqual(new Date(1_795_163_104_500))
  })

  it.each(['canary.placed', 'canary.revoked'])('ignores %s, which an operator did', (event) => {
    expect(decode({ ...TRIGGER, event })).toEqual({ kind: 'ignored' })
    expect(decode({ event })).toEqual({ kind: 'ignored' })
  })

  it.each([
    ['no event', { event: undefined }, 'missing-field'],
    ['no address', { attacker_ip: undefined }, 'missing-field'],
    ['an address that is none of text', { attacker_ip: 7 }, 'wrong-type'],
    ['no time', { time: undefined }, 'missing-field'],
    ['a time that is none', { time: 'yesterday' }, 'invalid-time'],
  ])('refuses a line with %s', (_, more, code) => {
    expect(decode({ ...TRIGGER, ...more })).toMatchObject({ kind: 'refused', problem: { code } })
  })

  it('counts what it does not know by its name, bounded', () => {
    expect(decode({ ...TRIGGER, event: 'canary.moved' })).toEqual({ kind: 'unknown', eventType: 'canary.moved' })
    expect(decode({ ...TRIGGER, event: `canary.${'x'.repeat(9999)}` })).toMatchObject({
      eventType: expect.stringMatching(/^canary\.x{93}$/),
    })
  })

  it('makes ids of the token and the time, never of what a browser told', () => {
    const idOf = (line: object) => eventOf(line).sourceId
    expect(idOf({ ...FINGERPRINT, signals: { user_agent: 'another' } })).toBe(idOf(FINGERPRINT))
    expect(idOf({ ...FINGERPRINT, source_country: 'FR', source_network: 1 })).toBe(idOf(FINGERPRINT))
    expect(idOf({ ...TRIGGER, token_id: 'another' })).not.toBe(idOf(TRIGGER))
    expect(idOf({ ...TRIGGER, time: '2026-11-20T08:25:04.124Z' })).not.toBe(idOf(TRIGGER))
  })
})

describe('the signals of a browser', () => {
  it('are left out where they have another type, with a warning each, and where they are not known', () => {
    const signals = { webdriver: 'yes', languages: 'de', touch_points: '5', platform: 7, fonts: ['a', 1], other: 'x' }
    expect(decode({ ...FINGERPRINT, signals })).toMatchObject({
      events: [{ payload: { signals: { fonts: ['a'] } } }],
      warnings: [
        { code: 'wrong-type', message: expect.stringContaining('signals.platform') },
        { code: 'wrong-type', message: expect.stringContaining('signals.languages') },
        { code: 'wrong-type', message: expect.stringContaining('signals.touch_points') },
        { code: 'wrong-type', message: expect.stringContaining('signals.webdriver') },
      ],
    })
  })

  it('give no event where there are none', () => {
    for (const signals of [undefined, null, {}, [], 'x', { other: 1 }]) {
      expect(decode({ ...FINGERPRINT, signals }).kind).toBe('ignored')
    }
  })

  it('are bounded', () => {
    const huge = 'x'.repeat(1_000_000)
    const many = Array.from({ length: 100_000 }, () => huge.slice(0, 20))
    const unknown = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, index]))
    const { signals } = eventOf({ ...FINGERPRINT, signals: { ...unknown, user_agent: huge, fonts: many } }).payload
    expect(JSON.stringify(signals).length).toBeLessThan(10_000)
    expect(Object.keys(signals as object)).toEqual(['user_agent', 'fonts'])
  })

  it('bear nesting of any depth, and the names of prototypes', () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`
    const line = JSON.stringify(FINGERPRINT).replace('"webdriver":true', `"webdriver":true,"deep":${deep}`)
    expect(decodeLine(canaryFormat, line).kind).toBe('events')
    const odd = '{"__proto__":{"webdriver":true},"constructor":{"prototype":{"polluted":1}},"platform":"Win32"}'
    const decoded = decodeLine(
      canaryFormat,
      JSON.stringify({ ...FINGERPRINT, signals: 0 }).replace('"signals":0', `"signals":${odd}`),
    )
    expect(decoded).toMatchObject({ events: [{ payload: { signals: { platform: 'Win32' } } }] })
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
    const [event] = decoded.kind === 'events' ? decoded.events : []
    expect(Object.keys(event?.payload.signals as object)).toEqual(['platform'])
  })

  it('may be anything at all', () => {
    const name = fc.constantFrom(
      'event',
      'time',
      'attacker_ip',
      'signals',
      'token_id',
      'token',
      'manage_url',
      'src_ip',
      'additional_data',
      'exposed_time',
      'source_country',
    )
    const signals = fc.dictionary(fc.constantFrom(...Object.keys(SIGNALS), '__proto__'), fc.jsonValue())
    const value = fc.oneof(fc.jsonValue(), signals)
    fc.assert(
      fc.property(fc.constantFrom(TRIGGER, FINGERPRINT, ALERT), fc.dictionary(name, value), (base, more) => {
        const decoded = decode({ ...base, ...more })
        for (const { sourceId, payload } of decoded.kind === 'events' ? decoded.events : []) {
          expect(sourceId).toHaveLength(36)
          expect(JSON.stringify(payload).length).toBeLessThan(100_000)
        }
      }),
    )
  })

  it('stand in a whole line', () => {
    const line = JSON.stringify(FINGERPRINT)
    for (let length = 1; length < line.length; length++) {
      expect(decodeLine(canaryFormat, line.slice(0, length)).kind).toBe('refused')
    }
  })
})

describe('the notifications of Canarytokens', () => {
  it('give the use of a token, and nothing of the memo or the address that manages it', () => {
    const event = eventOf(ALERT)
    expect(event).toMatchObject({
      sourceKind: 'canary',
      outcome: 'confirmed',
      sourceIp: '198.51.100.7',
      observedAt: new Date('2026-11-20T08:25:04Z'),
    })
    expect(event.payload).toEqual({
      token_id: 'a1b2c3d4e5f6a1b2c3d4e5f6a',
      token_type: 'aws_keys',
      channel: 'http',
      user_agent: 'aws-cli/2.15.0',
      source_country: 'NL',
      source_network: 64500,
    })
    expect(JSON.stringify(event)).not.toContain(SECRET)
    expect(eventOf({ ...ALERT, manage_url: 'https://canary.example.net/other', memo: '' }).sourceId).toBe(
      event.sourceId,
    )
  })

  it('may be of an older release, without a type and with the address among the details', () => {
    const { manage_url, memo, channel, time } = ALERT
    const details = { src_ip: '192.0.2.9', useragent: 'curl', referer: 'x', location: 'y' }
    const event = eventOf({ manage_url, memo, channel, time, additional_data: details })
    expect(event.sourceIp).toBe('192.0.2.9')
    expect(event.payload).toEqual({ channel: 'http', user_agent: 'curl' })
  })

  it.each([
    ['geo_info that is empty', ''],
    ['geo_info of a private address', { ip: '10.0.0.1', bogon: true }],
    ['another spelling', { country: 'Netherlands', asn: 'AS64500 Example' }],
  ])('bear %s', (_, geo_info) => {
    expect(eventOf({ ...ALERT, additional_data: { geo_info } }).payload).not.toHaveProperty('source_network')
  })

  it('are left out where nobody used anything', () => {
    const test = { ...ALERT, token: 'a+test+token', src_ip: '127.0.0.1' }
    const older = { ...ALERT, token: undefined, manage_url: 'http://example.com/test/url/for/webhook' }
    const exposed = {
      token_type: 'aws_keys',
      token: 'a',
      memo: '',
      key_id: 'x',
      exposed_time: ALERT.time,
      manage_url: 'x',
    }
    for (const line of [test, older, exposed]) expect(decode(line)).toEqual({ kind: 'ignored' })
  })

  it('are refused without an address, as of a token that is paid with', () => {
    expect(decode({ ...ALERT, src_ip: null })).toMatchObject({ kind: 'refused', problem: { code: 'missing-field' } })
  })
})

it('is recognised by its first lines', () => {
  for (const lines of [[TRIGGER], [FINGERPRINT], [ALERT], [TRIGGER, ALERT], [{ event: 'canary.placed' }]]) {
    const recognised = recogniseFormat(lines.map((line) => JSON.stringify(line)))
    expect(recognised).toMatchObject({ format: { name: 'canary' }, confidence: 1 })
  }
  expect(canaryFormat.recognise([JSON.stringify({ event: 'login', manage_url: 'x' })])).toBe(0)
})
