import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { computeAttackerUuid } from '../../events/ids.js'
import { OUTCOMES, type TaggerEvent } from '../../events/tagger-event.js'
import type { Decoded } from '../decoder.js'
import { isPlausibleTime } from '../event-time.js'
import { encodeEvent } from './encode-event.js'
import { EventsDecoder } from './events-decoder.js'

function decodeText(text: string, kinds: readonly string[] | null = null): Decoded {
  const bytes = Buffer.from(text)
  return new EventsDecoder({ sourceKinds: kinds && new Set(kinds) }).decode(bytes, 0, bytes.length)
}

const MINIMAL = { source_kind: 'command', source_ip: '192.0.2.1', observed_at: '2026-11-20T11:51:37Z' }
const decode = (fields: object) => decodeText(JSON.stringify({ ...MINIMAL, ...fields }))

const UUID = '0b9a3c1e-7f44-4d0e-9c55-1f2e3d4c5b6a'

describe('EventsDecoder', () => {
  it('gives back the event that was encoded', () => {
    const optionalUuid = fc.option(fc.uuid())
    const event: fc.Arbitrary<TaggerEvent> = fc.record({
      sourceKind: fc.constantFrom('future_kind', 'canary.opened'),
      sourceId: fc.uuid(),
      attackerUuid: fc.uuid(),
      identityUuid: optionalUuid,
      sessionId: fc.option(fc.string({ unit: 'binary' })),
      deckyId: fc.option(fc.string()),
      sourceIp: fc.option(fc.ipV6()),
      observedAt: fc.date({
        min: new Date('0001-01-01T00:00:00Z'),
        max: new Date('9999-12-31T23:59:59.999Z'),
        noInvalidDate: true,
      }),
      outcome: fc.option(fc.constantFrom(...OUTCOMES)),
      payload: fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false })),
    })
    fc.assert(
      fc.property(event, (original) => {
        const decoded = decodeText(encodeEvent(original))
        if (decoded.kind !== 'events') throw new Error(decoded.kind)
        expect(decoded.events).toEqual([JSON.parse(JSON.stringify(original), reviveTime)])
        const doubts = isPlausibleTime(original.observedAt.getTime()) ? [] : ['implausible-time']
        expect(decoded.warnings.map((warning) => warning.code)).toEqual(doubts)
        expect(encodeEvent(decoded.events[0]!)).toBe(encodeEvent(original))
      }),
    )
  })

  it('computes the ids that a line does not give', () => {
    const first = decode({ payload: { command_text: 'id' } })
    expect(first).toMatchObject({
      kind: 'events',
      events: [{ attackerUuid: computeAttackerUuid('192.0.2.1'), outcome: null, sessionId: null }],
      warnings: [],
    })
    expect(decode({ payload: { command_text: 'id' } })).toEqual(first)
    expect(decode({ payload: { command_text: 'ls' } })).not.toEqual(first)
  })

  it('keeps the ids that a line gives', () => {
    const line = { source_id: UUID, attacker_uuid: UUID.toUpperCase(), identity_uuid: UUID, source_ip: null }
    expect(decode(line)).toMatchObject({
      events: [{ sourceId: UUID, attackerUuid: UUID, identityUuid: UUID, sourceIp: null }],
      warnings: [],
    })
  })

  it('leaves out payload fields of the wrong type, keeps unknown ones, and says so', () => {
    const payload = { method: 'GET', status: '200', headers: { host: 1 }, extra: { any: 'thing' } }
    expect(decode({ source_kind: 'http_request', payload })).toMatchObject({
      events: [{ payload: { method: 'GET', extra: { any: 'thing' } } }],
      warnings: [
        { message: expect.stringContaining('payload.status') },
        { message: expect.stringContaining('payload.headers') },
      ],
    })
  })

  it('does not let a payload field name reach a prototype', () => {
    const line = '{"command_text":1,"__proto__":{"polluted":true},"constructor":"x"}'
    const decoded = decodeText(JSON.stringify(MINIMAL).replace('}', `,"payload":${line}}`))
    if (decoded.kind !== 'events') throw new Error(decoded.kind)
    const { payload } = decoded.events[0]!
    expect(Object.getPrototypeOf(payload)).toBe(Object.prototype)
    expect(Object.keys(payload)).toEqual(['__proto__', 'constructor'])
  })

  it.each([
    [{ source_id: 'not-a-uuid' }, 'source_id'],
    [{ attacker_uuid: 7 }, 'attacker_uuid'],
    [{ outcome: 'maybe' }, 'outcome'],
    [{ session_id: 12 }, 'session_id'],
    [{ payload: [] }, 'payload'],
  ])('leaves out %o with a warning', (fields, name) => {
    const decoded = decode(fields)
    expect(decoded).toMatchObject({ kind: 'events', warnings: [{ code: 'wrong-type' }] })
    expect(JSON.stringify(decoded)).toContain(`\\"${name}\\"`)
  })

  it.each([
    [{ source_kind: undefined }, 'missing-field'],
    [{ source_kind: '' }, 'missing-field'],
    [{ source_kind: 3 }, 'wrong-type'],
    [{ observed_at: undefined }, 'missing-field'],
    [{ observed_at: 1763639497 }, 'wrong-type'],
    [{ observed_at: 'now' }, 'invalid-time'],
    [{ source_ip: undefined }, 'missing-field'],
    [{ source_ip: undefined, attacker_uuid: 'x' }, 'missing-field'],
  ])('refuses %o', (fields, code) => {
    expect(decode(fields)).toMatchObject({ kind: 'refused', problem: { code } })
  })

  it('doubts a time that cannot be', () => {
    expect(decode({ observed_at: '2199-01-01T00:00:00Z' })).toMatchObject({
      kind: 'events',
      events: [{ observedAt: new Date('2199-01-01T00:00:00Z') }],
      warnings: [{ code: 'implausible-time', message: expect.stringContaining('"observed_at"') }],
    })
  })

  it('skips blank lines and kinds that nothing uses', () => {
    expect(decodeText(' ')).toEqual({ kind: 'ignored' })
    expect(decodeText(JSON.stringify(MINIMAL), ['email'])).toEqual({ kind: 'ignored' })
  })
})

function reviveTime(key: string, value: unknown): unknown {
  return key === 'observedAt' ? new Date(value as string) : value
}
