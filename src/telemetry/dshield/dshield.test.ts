import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLine, eventsOfLine } from '../../../test/support/decode-line.js'
import { givenFieldsOfAnyHeader, sortedFields } from '../../../test/support/given-fields.js'
import { DSHIELD_FIELDS, dshieldFormat } from './dshield-format.js'

const REQUEST = {
  time: '2026-05-20T12:00:00.123456',
  headers: { host: 'www.example.net', Referer: '() { :; }; id', 'user-agent': 'curl' },
  sip: '198.51.100.12',
  dip: '192.0.2.9',
  method: 'POST',
  url: '/login?a=b',
  data: 'user=admin&password=admin',
  useragent: ['curl'],
  version: 'HTTP/1.1',
  response_id: { comment: null, headers: {}, status_code: 200 },
  signature_id: { max_score: 72, rules: [] },
}

const decode = (more: object) => decodeLine(dshieldFormat, JSON.stringify({ ...REQUEST, ...more }))
const eventsOf = (more: object = {}) => eventsOfLine(dshieldFormat, JSON.stringify({ ...REQUEST, ...more }))

describe('the decoder of the web honeypot of DShield', () => {
  it('gives the whole request', () => {
    const events = eventsOf()
    expect(events).toMatchObject([
      {
        sourceKind: 'http_request',
        outcome: 'attempted',
        sourceIp: '198.51.100.12',
        sessionId: null,
        deckyId: null,
        observedAt: new Date('2026-05-20T12:00:00.123Z'),
      },
    ])
    expect(events[0]?.payload).toEqual({
      method: 'POST',
      path: '/login',
      query: 'a=b',
      raw_url: '/login?a=b',
      host: 'www.example.net',
      user_agent: 'curl',
      headers: { host: 'www.example.net', referer: '() { :; }; id', 'user-agent': 'curl' },
      body: 'user=admin&password=admin',
      status: 200,
    })
    expect(givenFieldsOfAnyHeader(events)).toEqual(sortedFields(DSHIELD_FIELDS))
  })

  it.each([
    ['no method', { method: undefined }],
    ['no address', { sip: undefined }],
    ['no time', { time: undefined }],
    ['a time that is none', { time: 7 }],
  ])('refuses a line with %s', (_, more) => {
    expect(decode(more).kind).toBe('refused')
  })

  it('refuses a line that was cut off anywhere, and ignores it where no request is wanted', () => {
    const line = JSON.stringify(REQUEST)
    for (let length = 1; length < line.length; length++) {
      expect(decodeLine(dshieldFormat, line.slice(0, length)).kind).toBe('refused')
    }
    expect(decodeLine(dshieldFormat, line, ['command']).kind).toBe('ignored')
  })

  it('leaves out what has the wrong type, and bears what is huge', () => {
    expect(decode({ data: [1], response_id: 'x', headers: { a: 1, b: 'c' } })).toMatchObject({
      kind: 'events',
      events: [{ payload: { headers: { b: 'c' } } }],
      warnings: [{ code: 'wrong-type' }, { code: 'wrong-type' }],
    })
    expect(eventsOf({ headers: 'x' })[0]?.payload).not.toHaveProperty('headers')
    expect(eventsOf({ data: 'x'.repeat(1_000_000) })[0]?.payload.body).toHaveLength(1_000_000)
  })

  it('never throws', () => {
    const keys = fc.constantFrom('url', 'headers', 'data', 'time', 'sip', 'method', 'response_id')
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue()), (more) => {
        const decoded = decode(more)
        for (const { sourceId } of decoded.kind === 'events' ? decoded.events : []) expect(sourceId).toHaveLength(36)
      }),
    )
  })
})
