import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLine, eventsOfLine } from '../../../test/support/decode-line.js'
import { givenFields, sortedFields } from '../../../test/support/given-fields.js'
import { CONNECTION_TYPES } from './connection-types.js'
import { dionaeaFormat } from './dionaea-format.js'
import { DIONAEA_FIELDS } from './payloads.js'

const CONNECTION = {
  connection: { protocol: 'ftpd', transport: 'tcp', type: 'accept' },
  dst_ip: '192.0.2.9',
  dst_port: 21,
  src_hostname: '',
  src_ip: '198.51.100.12',
  src_port: 40511,
  timestamp: '2026-05-20T12:00:00.123456',
}
const CREDENTIALS = [
  { username: 'ftp', password: 'a' },
  { username: 'ftp', password: 'b' },
]
const COMMANDS = [
  { command: 'USER', arguments: ['ftp'] },
  { command: 'PASS', arguments: ['b'] },
  { command: 'STOR', arguments: ['a', 'b.exe'] },
  { command: 'QUIT', arguments: [] },
]
const FULL = { credentials: CREDENTIALS, ftp: { commands: COMMANDS } }
const FLAT = {
  credentials: { password: ['a', 'b'], username: ['ftp', 'ftp'] },
  ftp: { commands: { arguments: ['ftp', 'b', 'a b.exe', ''], command: ['USER', 'PASS', 'STOR', 'QUIT'] } },
}

const of = (protocol: string, type = 'accept') => ({ connection: { protocol, transport: 'tcp', type } })
const decode = (more: object = {}) => decodeLine(dionaeaFormat, JSON.stringify({ ...CONNECTION, ...more }))
const eventsOf = (more: object = {}) => eventsOfLine(dionaeaFormat, JSON.stringify({ ...CONNECTION, ...more }))
const payloadsOf = (more: object = {}) => eventsOf(more).map(({ payload }) => payload)

describe('the decoder of Dionaea', () => {
  it.each([
    ['lists of objects', FULL],
    ['objects of lists', FLAT],
  ])('gives the opening, the logins and the commands of a connection, from %s', (_, more) => {
    const events = eventsOf(more)
    expect(events.map(({ sourceKind, outcome, payload }) => [sourceKind, outcome, payload])).toEqual([
      ['session', null, { phase: 'opened', service: 'ftp', destination_port: 21 }],
      [
        'auth_attempt',
        'emulated',
        { service: 'ftp', success: true, method: 'password', username: 'ftp', password: 'a' },
      ],
      [
        'auth_attempt',
        'emulated',
        { service: 'ftp', success: true, method: 'password', username: 'ftp', password: 'b' },
      ],
      ['service_op', 'emulated', { service: 'ftp', operation: 'user', argument: 'ftp' }],
      ['service_op', 'emulated', { service: 'ftp', operation: 'pass' }],
      ['service_op', 'emulated', { service: 'ftp', operation: 'stor', argument: 'a b.exe' }],
      ['service_op', 'emulated', { service: 'ftp', operation: 'quit' }],
    ])
    expect(givenFields(events)).toEqual(sortedFields(DIONAEA_FIELDS))
    expect(new Set(events.map(({ sourceId }) => sourceId)).size).toBe(events.length)
    expect(new Set(events.map(({ sessionId }) => sessionId))).toEqual(new Set(['40511-2026-05-20T12:00:00.123456']))
    expect(events.map(({ observedAt }) => observedAt)).toEqual(events.map(() => new Date('2026-05-20T12:00:00.123Z')))
  })

  it.each([
    ['mongod', 'mongodb'],
    ['epmapper', 'msrpc'],
    ['SipSession', 'sip'],
    ['blackhole', 'blackhole'],
    ['Newd', 'newd'],
  ])('calls %s %s', (protocol, service) => {
    expect(payloadsOf(of(protocol))).toEqual([{ phase: 'opened', service, destination_port: 21 }])
  })

  it('takes the empty password of MySQL for an unknown one, and only there', () => {
    const credentials = [{ username: 'root', password: '' }]
    expect(payloadsOf({ ...of('mysqld'), credentials })[1]).not.toHaveProperty('password')
    expect(payloadsOf({ ...of('mssqld'), credentials })[1]?.password).toBe('')
  })

  it('tells of a connection that was turned away, and ignores those that the decoy makes', () => {
    expect(payloadsOf(of('pcap', 'reject'))).toEqual([{ phase: 'opened', service: 'pcap', destination_port: 21 }])
    expect(decode(of('ftpdatalisten', 'listen'))).toEqual({ kind: 'ignored' })
    expect(decode(of('remoteshell', 'connect'))).toEqual({ kind: 'ignored' })
  })

  it('counts a connection type that it does not know by its name, bounded', () => {
    expect(decode(of('x', 'tunnel'))).toEqual({ kind: 'unknown', eventType: 'tunnel' })
    expect(decode(of('x', 'y'.repeat(5000)))).toEqual({ kind: 'unknown', eventType: 'y'.repeat(100) })
    expect(CONNECTION_TYPES.map(({ name }) => name)).toEqual(['accept', 'reject', 'listen', 'connect'])
  })

  it('gives only the kinds that are used', () => {
    const kindsOf = (kinds: readonly string[]) => {
      const decoded = decodeLine(dionaeaFormat, JSON.stringify({ ...CONNECTION, ...FULL }), kinds)
      return decoded.kind === 'events' ? [...new Set(decoded.events.map((event) => event.sourceKind))] : decoded.kind
    }
    for (const kind of ['session', 'auth_attempt', 'service_op']) expect(kindsOf([kind])).toEqual([kind])
    expect(kindsOf(['command'])).toBe('ignored')
  })

  it.each([
    ['no connection', { connection: undefined }],
    ['a connection that is none', { connection: 'accept' }],
    ['a type that is no text', { connection: { type: 1 } }],
    ['no address', { src_ip: undefined }],
    ['an address that is none', { src_ip: 7 }],
    ['no time', { timestamp: undefined }],
    ['a time that is none', { timestamp: 'now' }],
  ])('refuses a line with %s', (_, more) => {
    expect(decode(more).kind).toBe('refused')
  })

  it('refuses a line that was cut off anywhere', () => {
    const line = JSON.stringify({ ...CONNECTION, ...FULL })
    for (let length = 1; length < line.length; length++) {
      expect(decodeLine(dionaeaFormat, line.slice(0, length)).kind).toBe('refused')
    }
  })

  it('leaves out what has the wrong type and lets the rest stand', () => {
    const decoded = decode({ credentials: [7, { username: 'a' }], dst_port: 'x', ftp: { commands: 'USER' } })
    expect(decoded).toMatchObject({
      kind: 'events',
      events: [
        { payload: { phase: 'opened', service: 'ftp' } },
        { payload: { service: 'ftp', success: true, method: 'password', username: 'a' } },
      ],
      warnings: [
        { message: '"dst_port" should be a number, but is text; the field was left out' },
        { message: '"credentials" should hold objects only; 1 of its items were left out' },
        { message: '"ftp.commands" should be an object, but is text; the field was left out' },
      ],
    })
  })

  it('bounds what an attacker makes long', () => {
    const commands = [{ command: 'X'.repeat(100_000), arguments: ['y'.repeat(100_000)] }]
    expect(payloadsOf({ ftp: { commands } })[1]).toEqual({
      service: 'ftp',
      operation: 'x'.repeat(100),
      argument: 'y'.repeat(4096),
    })
  })

  it('never lets what was typed decide what a line is', () => {
    const typed = '"}],"connection":{"type":"listen"},"x":[{"y":"'
    expect(payloadsOf({ credentials: [{ username: typed, password: typed }] })[1]).toMatchObject({ username: typed })
  })

  it('never throws, and gives no other kinds of events', () => {
    const row = fc.dictionary(fc.constantFrom('username', 'password', 'command', 'arguments'), fc.jsonValue())
    const rows = fc.oneof(fc.array(row), row, fc.jsonValue())
    const fields = fc.record(
      {
        credentials: rows,
        ftp: fc.oneof(fc.record({ commands: rows }), fc.jsonValue()),
        connection: fc.oneof(fc.constant(CONNECTION.connection), fc.jsonValue()),
        dst_port: fc.jsonValue(),
        src_port: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fields, (more) => {
        const decoded = decode(more)
        if (decoded.kind !== 'events') return
        for (const { sourceKind, sourceId } of decoded.events) {
          expect(['session', 'auth_attempt', 'service_op']).toContain(sourceKind)
          expect(sourceId).toMatch(/^[\da-f-]{36}$/)
        }
      }),
    )
  })
})
