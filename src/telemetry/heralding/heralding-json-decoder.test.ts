import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLine, eventsOfLine } from '../../../test/support/decode-line.js'
import { givenFields, sortedFields } from '../../../test/support/given-fields.js'
import { heraldingFormat } from './heralding-format.js'
import { HERALDING_SESSION_FIELDS } from './heralding-json-decoder.js'
import { heraldingJsonFormat } from './heralding-json-format.js'

const SESSION = {
  timestamp: '2026-05-20 12:00:00.123456',
  duration: 30,
  session_id: 's-41',
  source_ip: '198.51.100.12',
  source_port: 40511,
  destination_ip: '192.0.2.9',
  destination_port: 23,
  protocol: 'telnet',
  num_auth_attempts: 2,
  auth_attempts: [
    { timestamp: '2026-05-20 12:00:07.5', username: 'pi', password: 'raspberry' },
    { timestamp: '2026-05-20 12:00:09.5', username: 'pi', password: '' },
  ],
  session_ended: true,
  auxiliary_data: {},
}

const decode = (more: object = {}) => decodeLine(heraldingJsonFormat, JSON.stringify({ ...SESSION, ...more }))
const eventsOf = (more: object = {}) => eventsOfLine(heraldingJsonFormat, JSON.stringify({ ...SESSION, ...more }))

describe('the decoder of sessions', () => {
  it('gives the opening, each login and the end, each at its time', () => {
    const events = eventsOf()
    expect(events.map(({ observedAt, payload }) => [observedAt.toISOString().slice(17, 23), payload])).toEqual([
      ['00.123', { phase: 'opened', service: 'telnet', destination_port: 23 }],
      ['07.500', { service: 'telnet', success: false, method: 'password', username: 'pi', password: 'raspberry' }],
      ['09.500', { service: 'telnet', success: false, method: 'password', username: 'pi', password: '' }],
      ['30.123', { phase: 'closed', service: 'telnet', duration_seconds: 30 }],
    ])
    expect(new Set(events.map(({ sourceId }) => sourceId)).size).toBe(4)
    expect(events.every(({ sessionId, sourceIp }) => sessionId === 's-41' && sourceIp === '198.51.100.12')).toBe(true)
    expect(givenFields(events)).toEqual(sortedFields(HERALDING_SESSION_FIELDS))
  })

  it('gives a login the id that the list of logins gives it', () => {
    const line = '2026-05-20 12:00:07.5,a7c0,s-41,198.51.100.12,40511,192.0.2.9,23,telnet,pi,raspberry,'
    expect(eventsOfLine(heraldingFormat, line)[0]?.sourceId).toBe(eventsOf()[1]?.sourceId)
  })

  it('tells no end of a session that goes on', () => {
    const kinds = eventsOf({ session_ended: false, auth_attempts: [] }).map(({ payload }) => payload.phase)
    expect(kinds).toEqual(['opened'])
  })

  it('gives only the kinds that are used', () => {
    const kindsOf = (kinds: readonly string[]) => {
      const decoded = decodeLine(heraldingJsonFormat, JSON.stringify(SESSION), kinds)
      return decoded.kind === 'events' ? decoded.events.map(({ sourceKind }) => sourceKind) : decoded.kind
    }
    expect(kindsOf(['session'])).toEqual(['session', 'session'])
    expect(kindsOf(['auth_attempt'])).toEqual(['auth_attempt', 'auth_attempt'])
    expect(kindsOf(['command'])).toBe('ignored')
    expect(
      decodeLine(heraldingJsonFormat, JSON.stringify({ ...SESSION, auth_attempts: [] }), ['auth_attempt']),
    ).toEqual({
      kind: 'ignored',
    })
  })

  it.each(['timestamp', 'session_id', 'source_ip', 'protocol'])(
    'refuses a line whose %s is missing or wrong',
    (field) => {
      expect(decode({ [field]: undefined })).toMatchObject({ problem: { code: 'missing-field' } })
      expect(decode({ [field]: 7 })).toMatchObject({ problem: { code: 'wrong-type' } })
    },
  )

  it('leaves out a login without a time, and what has the wrong type, and says so', () => {
    const attempts = [{ username: 'a' }, 'x', { timestamp: SESSION.timestamp, username: 5, password: 'p' }]
    const decoded = decode({ auth_attempts: attempts, destination_port: 'x' })
    if (decoded.kind !== 'events') throw new Error(decoded.kind)
    expect(decoded.events.map(({ payload }) => payload.password ?? payload.phase)).toEqual(['opened', 'p', 'closed'])
    expect(decoded.warnings.map(({ message }) => message)).toEqual([
      '"destination_port" should be a number, but is text; the field was left out',
      '"auth_attempts" should hold objects only; 1 of its items were left out',
      'a login of "auth_attempts" has no date and time; it was left out',
      '"auth_attempts[1].username" should be text, but is number; the field was left out',
    ])
  })

  it.each([-1, 1e300, 1e12])('leaves out a duration of %d, which cannot be', (duration) => {
    const decoded = decode({ duration, auth_attempts: [] })
    expect(decoded).toMatchObject({
      events: [
        {},
        { observedAt: new Date('2026-05-20T12:00:00.123Z'), payload: { phase: 'closed', service: 'telnet' } },
      ],
      warnings: [{ code: 'implausible-time' }],
    })
  })

  it('refuses a line that was cut off anywhere', () => {
    const line = JSON.stringify(SESSION)
    for (let length = 1; length < line.length; length++) {
      expect(decodeLine(heraldingJsonFormat, line.slice(0, length)).kind).toBe('refused')
    }
  })

  it('bounds its warnings about a line that is wrong throughout', () => {
    const decoded = decode({ auth_attempts: new Array(20_000).fill({ username: 1 }) })
    expect(decoded).toMatchObject({ kind: 'events', warnings: { length: 20 } })
  })

  it('never throws, and gives no other kinds of events', () => {
    const attempts = fc.array(fc.dictionary(fc.constantFrom('timestamp', 'username', 'password'), fc.jsonValue()))
    const fields = fc.record(
      Object.fromEntries(
        Object.keys(SESSION).map((name) => [name, name === 'auth_attempts' ? attempts : fc.jsonValue()]),
      ),
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fields, (more) => {
        const decoded = decode(more)
        if (decoded.kind !== 'events') return
        for (const { sourceKind, sourceId } of decoded.events) {
          expect(['session', 'auth_attempt']).toContain(sourceKind)
          expect(sourceId).toMatch(/^[\da-f-]{36}$/)
        }
      }),
    )
  })
})
