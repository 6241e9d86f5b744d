import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLine, eventsOfLine } from '../../../test/support/decode-line.js'
import { givenFields, sortedFields } from '../../../test/support/given-fields.js'
import { ZEEK_LOGS } from './log-paths.js'
import { ZEEK_FIELDS } from './payloads.js'
import { zeekFormat } from './zeek-format.js'

const HEAD = {
  ts: '2026-05-20T12:00:00.123456Z',
  uid: 'CqKst53mF3det3eDV9',
  'id.orig_h': '198.51.100.12',
  'id.orig_p': 40511,
  'id.resp_h': '192.0.2.9',
  'id.resp_p': 22,
}
const CONN = { proto: 'tcp', service: 'SSH', duration: 2.5, conn_state: 'SF' }
const SSH = { auth_success: true, auth_attempts: 3, client: 'SSH-2.0-libssh_0.9.6', hassh: 'ab'.repeat(16) }
const HTTP = {
  trans_depth: 1,
  method: 'GET',
  host: 'www.example.net',
  uri: '/a?b',
  referrer: 'http://www.example.net/',
  user_agent: 'curl',
  origin: 'null',
  request_body_len: 0,
  status_code: 404,
  username: 'anna',
  password: 'secret',
}
const SMTP = { trans_depth: 1, helo: 'mx', mailfrom: 'anna@example.net', rcptto: ['a@example.org'], subject: 'secret' }
const SSL = { cipher: 'x', ja3: 'cd'.repeat(16), ja4: 't13d1516h2' }
const NTLM = { username: 'anna', domainname: 'x', success: true }
const SERVICES = {
  ftp: { user: 'anna', command: 'STOR', arg: 'a.sh', reply_code: 226 },
  mysql: { cmd: 'query', arg: 'select 1' },
  sip: { method: 'OPTIONS', uri: 'sip:a', call_id: 'x' },
  snmp: { community: 'public', get_requests: 1 },
  modbus: { func: 'READ_COILS' },
  mqtt_subscribe: { action: 'MQTT::SUBSCRIBE', topics: ['#'] },
  mqtt_publish: { from_client: true, topic: 'a' },
  smb_mapping: { path: 'a', share_type: 'DISK' },
  smb_files: { action: 'SMB::FILE_OPEN', path: 'a', name: 'b' },
  ldap_search: { base_object: 'dc=x' },
}
const ALL = { conn: CONN, ssh: SSH, http: HTTP, smtp: SMTP, ssl: SSL, ntlm: NTLM, ...SERVICES }

const lineOf = (more: object) => JSON.stringify({ ...HEAD, ...more })
const decode = (more: object) => decodeLine(zeekFormat, lineOf(more))
const eventsOf = (more: object) => eventsOfLine(zeekFormat, lineOf(more))
const payloadsOf = (more: object) => eventsOf(more).map(({ payload }) => payload)
const loginsOf = (more: object) =>
  eventsOf({ _path: 'ssh', client: 'x', ...more })
    .filter(({ sourceKind }) => sourceKind === 'auth_attempt')
    .map(({ payload }) => payload.success)

describe('the decoder of Zeek', () => {
  it.each(Object.entries(ALL))('takes a line of %s for the same with its name and without', (_path, more) => {
    const ids = (of: object) => eventsOf(of).map(({ sourceId }) => sourceId)
    expect(ids({ _path, ...more })).toEqual(ids(more))
  })

  it('gives the opening and the end of a connection, each at its own time', () => {
    const events = eventsOf({ ...CONN, _system_name: 'sensor-1' })
    expect(events.map(({ payload, observedAt }) => [payload, observedAt.toISOString()])).toEqual([
      [{ phase: 'opened', service: 'ssh', destination_port: 22 }, '2026-05-20T12:00:00.123Z'],
      [{ phase: 'closed', service: 'ssh', destination_port: 22, duration_seconds: 2.5 }, '2026-05-20T12:00:02.623Z'],
    ])
    expect(events[0]).toMatchObject({
      sourceKind: 'session',
      outcome: null,
      sourceIp: '198.51.100.12',
      sessionId: 'CqKst53mF3det3eDV9',
      deckyId: 'sensor-1',
    })
    for (const duration of [undefined, -1, 1e300]) {
      expect(payloadsOf({ ...CONN, service: undefined, duration })).toEqual([
        { phase: 'opened', service: 'tcp', destination_port: 22 },
      ])
    }
  })

  it('reads seconds since 1970', () => {
    expect(eventsOf({ ...HTTP, ts: 1779278400.1236 })[0]?.observedAt).toEqual(new Date('2026-05-20T12:00:00.124Z'))
    expect(decode({ ...HTTP, ts: 5 })).toMatchObject({ kind: 'events', warnings: [{ code: 'implausible-time' }] })
  })

  it('gives what an SSH client tells of itself, and a login for each that was counted', () => {
    expect(payloadsOf(SSH)).toEqual([
      { metric: 'client_version', value: 'SSH-2.0-libssh_0.9.6', service: 'ssh' },
      { metric: 'hassh', value: 'ab'.repeat(16), service: 'ssh' },
      { service: 'ssh', tool: 'SSH-2.0-libssh_0.9.6' },
      { service: 'ssh', tool: 'SSH-2.0-libssh_0.9.6' },
      { service: 'ssh', success: true, tool: 'SSH-2.0-libssh_0.9.6' },
    ])
  })

  it.each([
    [{ auth_attempts: 2, auth_success: false }, [false, false]],
    [{ auth_attempts: 2 }, [undefined, undefined]],
    [{ auth_attempts: 0 }, []],
    [{ auth_attempts: 0, auth_success: true }, [true]],
    [{ auth_attempts: -5.5 }, []],
    [{ auth_attempts: 1e12, auth_success: false }, new Array(64).fill(false)],
  ])('takes %j for the logins %j', (more, successes) => {
    expect(loginsOf(more)).toEqual(successes)
  })

  it('gives a request, without the secrets of its login', () => {
    expect(payloadsOf(HTTP)).toEqual([
      {
        method: 'GET',
        path: '/a',
        query: 'b',
        raw_url: '/a?b',
        host: 'www.example.net',
        headers: { 'user-agent': 'curl', referer: 'http://www.example.net/', origin: 'null' },
        user_agent: 'curl',
        status: 404,
      },
    ])
  })

  it('gives the steps of a mail without its addresses and its content', () => {
    expect(payloadsOf(SMTP)).toEqual([
      { service: 'smtp', operation: 'helo', argument: 'mx' },
      { service: 'smtp', operation: 'mail', argument: 'example.net' },
      { service: 'smtp', operation: 'rcpt', argument: '1' },
    ])
  })

  it('gives the fields that it declares and no others, and every event an id of its own', () => {
    const events = Object.values(ALL).flatMap(eventsOf)
    expect(givenFields(events)).toEqual(sortedFields(ZEEK_FIELDS))
    expect(new Set(events.map(({ sourceId }) => sourceId)).size).toBe(events.length)
  })

  it('ignores what it has no use for, and counts what it does not know by its name, bounded', () => {
    const ignored = ZEEK_LOGS.filter((log) => 'ignoredBecause' in log).map(({ name }) => name)
    expect(ignored).toContain('dns')
    for (const _path of ignored) expect(decode({ _path })).toEqual({ kind: 'ignored' })
    expect(decode({ _path: 'novel', ...HTTP })).toEqual({ kind: 'unknown', eventType: 'novel' })
    expect(decode({ _path: 'y'.repeat(5000) })).toEqual({ kind: 'unknown', eventType: 'y'.repeat(100) })
    expect(decode({ query: 'example.net' })).toEqual({ kind: 'unknown', eventType: 'unnamed' })
    expect(new Set(ZEEK_LOGS.map(({ name }) => name)).size).toBe(ZEEK_LOGS.length)
  })

  it('gives only the kinds that are used', () => {
    const kindOf = (kind: string) => decodeLine(zeekFormat, lineOf(SSH), [kind])
    expect(kindOf('auth_attempt')).toMatchObject({ events: { length: 3 } })
    expect(kindOf('command').kind).toBe('ignored')
  })

  it.each([
    ['neither log nor connection', { uid: undefined, method: undefined, uri: undefined, request_body_len: undefined }],
    ['no address', { 'id.orig_h': undefined }],
    ['an address that is none', { 'id.orig_h': 7 }],
    ['no time', { ts: undefined }],
    ['a time that is none', { ts: 'now' }],
    ['a time beyond all years', { ts: 1e300 }],
  ])('refuses a line with %s', (_, more) => {
    expect(decode({ ...HTTP, ...more }).kind).toBe('refused')
  })

  it.each(Object.entries(ALL))('refuses a line of %s that was cut off anywhere', (_, more) => {
    const line = lineOf(more)
    for (let length = 1; length < line.length; length++) {
      expect(decodeLine(zeekFormat, line.slice(0, length)).kind).toBe('refused')
    }
  })

  it('leaves out what has the wrong type and bounds what is huge', () => {
    expect(decode({ ...SMTP, helo: 7, rcptto: 'x', mailfrom: 'a@'.concat('x'.repeat(100_000)) })).toMatchObject({
      kind: 'events',
      events: [{ payload: { operation: 'mail', argument: 'x'.repeat(4096) } }],
      warnings: [{ code: 'wrong-type' }, { code: 'wrong-type' }],
    })
  })

  it('never lets what was sent decide what a line is', () => {
    const sent = '"},"_path":"stats","x":{"y":"'
    expect(payloadsOf({ _path: 'http', uri: sent, conn_state: 'SF' })[0]).toMatchObject({ raw_url: sent })
  })

  it('never throws, and gives no other kinds of events', () => {
    const keys = ['ts', 'duration', 'auth_attempts', 'auth_success', 'rcptto', 'helo', 'uri', 'service', 'uid', 'ja4']
    const value = fc.oneof(fc.jsonValue(), fc.double({ noNaN: true, noDefaultInfinity: true }))
    const fields = fc.dictionary(fc.constantFrom(...keys, 'client', 'id.resp_p', 'status_code'), value)
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(ALL)), fields, (_path, more) => {
        const decoded = decode({ _path, ...more })
        for (const event of decoded.kind === 'events' ? decoded.events : []) {
          expect(Object.keys(ZEEK_FIELDS)).toContain(event.sourceKind)
          expect(event.sourceId).toMatch(/^[\da-f-]{36}$/)
          expect(event.observedAt.getTime()).not.toBeNaN()
        }
      }),
    )
  })
})
