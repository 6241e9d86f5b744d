import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLine, eventsOfLine } from '../../../test/support/decode-line.js'
import { givenFields, sortedFields } from '../../../test/support/given-fields.js'
import { CANARY_LOG_TYPES } from './log-types.js'
import { opencanaryFormat } from './opencanary-format.js'
import { CANARY_FIELDS } from './payloads.js'

const SHARED = {
  node_id: 'decky-05',
  src_host: '198.51.100.12',
  src_port: 40511,
  dst_host: '192.0.2.9',
  dst_port: 6379,
  utc_time: '2026-05-20 12:00:00.123456',
  local_time: '2026-05-20 12:00:00.123450',
  local_time_adjusted: '2026-05-20 14:00:00.123460',
}

const lineOf = (logtype: unknown, logdata: unknown = {}, more: object = {}) =>
  JSON.stringify({ ...SHARED, logtype, logdata, ...more })
const decode = (...parts: Parameters<typeof lineOf>) => decodeLine(opencanaryFormat, lineOf(...parts))
const eventsOf = (...parts: Parameters<typeof lineOf>) => eventsOfLine(opencanaryFormat, lineOf(...parts))

const attempt = (service: string, more: object) => ({ service, success: false, method: 'password', ...more })

/** Lines of every log type that is used, and what becomes of them: pairs of source kind and payload. */
const SAMPLES: readonly (readonly [number, unknown, readonly (readonly [string, object])[]])[] = [
  [2000, { USERNAME: 'ftp', PASSWORD: '' }, [['auth_attempt', attempt('ftp', { username: 'ftp', password: '' })]]],
  [
    3000,
    { PATH: '/index.html', HOSTNAME: 'nas.example', SKIN: 'nasLogin', USERAGENT: 'zgrab/0.x' },
    [
      [
        'http_request',
        {
          method: 'GET',
          path: '/index.html',
          raw_url: '/index.html',
          host: 'nas.example',
          headers: { 'user-agent': 'zgrab/0.x' },
          user_agent: 'zgrab/0.x',
        },
      ],
    ],
  ],
  [
    3001,
    { PATH: '/index.html', USERNAME: 'admin', PASSWORD: '<not supplied>', USERAGENT: '<not supplied>' },
    [
      ['http_request', { method: 'POST', path: '/index.html', raw_url: '/index.html' }],
      ['auth_attempt', attempt('http', { username: 'admin' })],
    ],
  ],
  [
    3002,
    { PATH: '/x', REQUEST_TYPE: 'PROPFIND' },
    [['http_request', { method: 'PROPFIND', path: '/x', raw_url: '/x' }]],
  ],
  [3003, { PATH: '/' }, [['http_request', { method: 'GET', path: '/', raw_url: '/' }]]],
  [4000, { SESSION: '7' }, [['session', { phase: 'opened', service: 'ssh', destination_port: 6379 }]]],
  [
    4001,
    { LOCALVERSION: 'SSH-2.0-x', REMOTEVERSION: 'SSH-2.0-Go' },
    [['fingerprint', { metric: 'client_version', value: 'SSH-2.0-Go', service: 'ssh' }]],
  ],
  [
    4002,
    { USERNAME: 'root', PASSWORD: 'vizxv', LOCALVERSION: 'SSH-2.0-x', REMOTEVERSION: 'SSH-2.0-Go' },
    [['auth_attempt', attempt('ssh', { username: 'root', password: 'vizxv', tool: 'SSH-2.0-Go' })]],
  ],
  [
    5000,
    { USER: 'anonymous', SHARENAME: 'documents', AUDITACTION: 'openat', STATUS: 'ok', FILENAME: 'hr/pay.xlsx' },
    [['service_op', { service: 'smb', operation: 'openat', argument: 'documents/hr/pay.xlsx' }]],
  ],
  [5001, { PROTO: 'TCP', SYN: '' }, [['session', { phase: 'opened', service: 'tcp', destination_port: 6379 }]]],
  ...(
    [
      [5002, 'operating system'],
      [5003, 'null'],
      [5004, 'xmas'],
      [5005, 'fin'],
    ] as const
  ).map(
    ([code, argument]) =>
      [
        code,
        {},
        [['service_op', { service: 'tcp', operation: 'port_scan', argument, destination_port: 6379 }]],
      ] as const,
  ),
  [6001, { USERNAME: 'pi', PASSWORD: 'pi' }, [['auth_attempt', attempt('telnet', { username: 'pi', password: 'pi' })]]],
  [6002, {}, [['session', { phase: 'opened', service: 'telnet', destination_port: 6379 }]]],
  [
    7001,
    { USERNAME: 'Invalid auth-token submitted', PASSWORD: '' },
    [['auth_attempt', attempt('http-proxy', { password: '' })]],
  ],
  [8001, { USERNAME: 'root', PASSWORD: 'a'.repeat(40) }, [['auth_attempt', attempt('mysql', { username: 'root' })]]],
  [
    8001,
    { USERNAME: 'root', PASSWORD: null },
    [['auth_attempt', attempt('mysql', { username: 'root', password: '' })]],
  ],
  [
    9001,
    { UserName: 'sa', Password: 'sa123', AppName: 'OSQL-32', HostName: 'X', CltIntName: 'ODBC' },
    [['auth_attempt', attempt('mssql', { username: 'sa', password: 'sa123', tool: 'OSQL-32' })]],
  ],
  [9002, { USERNAME: '', PASSWORD: '' }, [['auth_attempt', attempt('mssql', {})]]],
  [9003, {}, [['session', { phase: 'opened', service: 'mysql', destination_port: 6379 }]]],
  [
    10001,
    { FILENAME: 'edge7-confg', OPCODE: 'READ', MODE: 'octet' },
    [['service_op', { service: 'tftp', operation: 'read', argument: 'edge7-confg' }]],
  ],
  [11001, { 'NTP CMD': 'monlist' }, [['service_op', { service: 'ntp', operation: 'monlist' }]]],
  [
    12001,
    { 'VNC Password': '<Password was not in the common list>', 'VNC Client Response': 'ab' },
    [['auth_attempt', attempt('vnc', {})]],
  ],
  [12001, { 'VNC Password': 'password' }, [['auth_attempt', attempt('vnc', { password: 'password' })]]],
  [
    13001,
    { COMMUNITY_STRING: 'public', REQUESTS: ['1.3.6.1.2.1.1.1.0', '1.3.6.1.2.1.1.5.0'] },
    [['service_op', { service: 'snmp', operation: 'request', argument: 'public 1.3.6.1.2.1.1.1.0 1.3.6.1.2.1.1.5.0' }]],
  ],
  [
    13001,
    { COMMUNITY_STRING: 'c4mpus', REQUESTS: ['1.3.6.1.2.1.1.1.0'] },
    [
      ['service_op', { service: 'snmp', operation: 'request', argument: '1.3.6.1.2.1.1.1.0' }],
      ['auth_attempt', attempt('snmp', { password: 'c4mpus' })],
    ],
  ],
  [14001, { USERNAME: 'Administr' }, [['auth_attempt', attempt('rdp', { username: 'Administr' })]]],
  [14001, { USERNAME: null }, [['session', { phase: 'opened', service: 'rdp', destination_port: 6379 }]]],
  [
    15001,
    { HEADERS: { cseq: ['1 OPTIONS'], 'user-agent': ['friendly-scanner'], to: ['sip:100@192.0.2.9'], via: ['x'] } },
    [['service_op', { service: 'sip', operation: 'options', argument: 'friendly-scanner sip:100@192.0.2.9' }]],
  ],
  [
    16001,
    { REPO: '/shop.git', HOST: '192.0.2.9' },
    [['service_op', { service: 'git', operation: 'clone', argument: '/shop.git' }]],
  ],
  [
    17001,
    { CMD: 'CONFIG', ARGS: 'SET dir /root/.ssh' },
    [['service_op', { service: 'redis', operation: 'config', argument: 'SET dir /root/.ssh' }]],
  ],
  [17001, { CMD: 'INFO', ARGS: '' }, [['service_op', { service: 'redis', operation: 'info' }]]],
  [17001, { CMD: 'AUTH', ARGS: 'hunter2' }, [['auth_attempt', attempt('redis', { password: 'hunter2' })]]],
  [
    17001,
    { CMD: 'auth', ARGS: 'ops hunter2' },
    [['auth_attempt', attempt('redis', { username: 'ops', password: 'hunter2' })]],
  ],
  ...[18001, 18002].map(
    (code) => [code, {}, [['session', { phase: 'opened', service: 'tcp', destination_port: 6379 }]]] as const,
  ),
  ...[18003, 18004, 18005].map(
    (code) =>
      [
        code,
        { DATA: 'GET /', BANNER_ID: '1' },
        [['service_op', { service: 'tcp', operation: 'data', argument: 'GET /' }]],
      ] as const,
  ),
  [
    19001,
    { query_hostname: 'DC03', response: 'DNS Ans "198.51.100.12"' },
    [['service_op', { service: 'llmnr', operation: 'response', argument: 'DNS Ans "198.51.100.12"' }]],
  ],
  [
    20001,
    { action: 'mongodb.connection' },
    [['session', { phase: 'opened', service: 'mongodb', destination_port: 6379 }]],
  ],
  [20001, { action: 'mongodb.disconnect' }, [['session', { phase: 'closed', service: 'mongodb' }]]],
  [
    20001,
    { action: 'mongodb.auth_attempt', username: 'ops', mechanism: 'PLAIN', auth_data: "{'payload': '6f7073'}" },
    [['auth_attempt', attempt('mongodb', { username: 'ops' })]],
  ],
  [
    20001,
    { action: 'mongodb.command', command: 'listDatabases', query: "{'listDatabases': 1}" },
    [['service_op', { service: 'mongodb', operation: 'listdatabases', argument: "{'listDatabases': 1}" }]],
  ],
]

describe('the decoder of OpenCanary', () => {
  it.each(SAMPLES)('decodes %i %j', (code, logdata, expected) => {
    const events = eventsOf(code, logdata)
    expect(events.map(({ sourceKind, payload }) => [sourceKind, payload])).toEqual(expected)
  })

  it('has a sample of every log type that it uses, which give the declared fields and no others', () => {
    const used = CANARY_LOG_TYPES.filter((entry) => 'observations' in entry).map(({ code }) => code)
    expect([...new Set(SAMPLES.map(([code]) => code))].sort((one, other) => one - other)).toEqual(used)
    const events = SAMPLES.flatMap(([code, logdata]) => eventsOf(code, logdata))
    expect(givenFields(events)).toEqual(sortedFields(CANARY_FIELDS))
  })

  it('gives an event its place: node, address, connection and time, which is UTC', () => {
    expect(eventsOf(4002, { USERNAME: 'root' })[0]).toMatchObject({
      deckyId: 'decky-05',
      sourceIp: '198.51.100.12',
      sessionId: '198.51.100.12:40511-6379',
      outcome: 'attempted',
      observedAt: new Date('2026-05-20T12:00:00.123Z'),
    })
    const old = eventsOf(2000, {}, { utc_time: undefined, local_time: '2018-02-01 00:00:00.5' })
    expect(old[0]?.observedAt).toEqual(new Date('2018-02-01T00:00:00.500Z'))
  })

  it('knows the lines of one connection by its ports, and takes a single packet for none', () => {
    const [opened] = eventsOf(4000, { SESSION: '7' })
    expect(eventsOf(4002, {})[0]?.sessionId).toBe(opened?.sessionId)
    expect(eventsOf(4002, {}, { src_port: 40512 })[0]?.sessionId).not.toBe(opened?.sessionId)
    expect(eventsOf(5001, {}, { src_port: '40511', dst_port: '6379' })[0]?.sessionId).toBe(opened?.sessionId)
    expect(eventsOf(10001, { OPCODE: 'READ' })[0]?.sessionId).toBeNull()
    expect(eventsOf(5000, {}, { src_port: '-1', dst_port: 445 })[0]?.sessionId).toBeNull()
    expect(eventsOf(4000, {}, { src_port: -1, dst_port: -1 })[0]).toMatchObject({
      sessionId: null,
      payload: { phase: 'opened', service: 'ssh' },
    })
  })

  it('keeps no password in an operation', () => {
    const argumentOf = (code: number, logdata: object) => eventsOf(code, logdata)[0]?.payload.argument
    expect(argumentOf(17001, { CMD: 'CONFIG', ARGS: 'SET requirepass hunter2' })).toBe('SET requirepass ***')
    expect(argumentOf(17001, { CMD: 'HELLO', ARGS: '3 AUTH ops hunter2' })).toBeUndefined()
    const login = { action: 'mongodb.command', command: 'query:admin.$cmd', query: "{'saslStart': 1, 'payload': 'x'}" }
    expect(argumentOf(20001, login)).toBeUndefined()
  })

  it.each([
    [20001, { action: 'mongodb.error', error: 'Invalid message length: 3' }],
    [15001, { ERROR: 'x' }],
    [1000, { msg: 'Added service' }],
    [2001, {}],
  ])('ignores %i %j', (code, logdata) => {
    expect(decode(code, logdata)).toEqual({ kind: 'ignored' })
  })

  it('ignores house-keeping that tells no address', () => {
    expect(decode(1001, { msg: 'x' }, { src_host: '', src_port: -1 })).toEqual({ kind: 'ignored' })
  })

  it.each([4003, 99000, 1e21, 2000.5])('counts the log type %d, which it does not know, by its name', (code) => {
    expect(decode(code)).toEqual({ kind: 'unknown', eventType: String(code) })
  })

  it('gives only the kinds that are used', () => {
    const line = lineOf(3001, { PATH: '/index.html', USERNAME: 'a' })
    const kindsOf = (kinds: readonly string[]) => {
      const decoded = decodeLine(opencanaryFormat, line, kinds)
      return decoded.kind === 'events' ? decoded.events.map(({ sourceKind }) => sourceKind) : decoded.kind
    }
    expect(kindsOf(['http_request'])).toEqual(['http_request'])
    expect(kindsOf(['auth_attempt'])).toEqual(['auth_attempt'])
    expect(kindsOf(['command'])).toBe('ignored')
  })

  it('leaves a field of the wrong type out and lets the event stand', () => {
    expect(decode(4002, { USERNAME: 'root', PASSWORD: 123456 })).toMatchObject({
      kind: 'events',
      events: [{ payload: attempt('ssh', { username: 'root' }) }],
      warnings: [{ message: '"logdata.PASSWORD" should be text, but is number; the field was left out' }],
    })
    expect(decode(2000, 'x')).toMatchObject({
      events: [{ payload: attempt('ftp', {}) }],
      warnings: [{ message: '"logdata" should be an object, but is text; the field was left out' }],
    })
    expect(decode(13001, { REQUESTS: ['1.3', 6], COMMUNITY_STRING: 'public' })).toMatchObject({
      events: [{ payload: { argument: 'public 1.3' } }],
      warnings: [{ message: '"logdata.REQUESTS" should hold text only; 1 of its items were left out' }],
    })
  })

  it.each(['src_host', 'utc_time'])('refuses a line whose %s is missing or has the wrong type', (field) => {
    const used = field === 'utc_time' ? { local_time: undefined } : {}
    expect(decode(4002, {}, { ...used, [field]: undefined })).toMatchObject({ problem: { code: 'missing-field' } })
    expect(decode(4002, {}, { ...used, [field]: 7 })).toMatchObject({ problem: { code: 'wrong-type' } })
  })

  it.each([
    [undefined, 'missing-field'],
    ['ssh', 'wrong-type'],
    [[4002], 'wrong-type'],
  ])('refuses the log type %j', (logtype, code) => {
    expect(decode(logtype)).toMatchObject({ kind: 'refused', problem: { code } })
  })

  it('refuses a line that was cut off anywhere', () => {
    const line = lineOf(4002, { USERNAME: 'root', PASSWORD: 'x' })
    for (let length = 1; length < line.length; length++) {
      expect(decodeLine(opencanaryFormat, line.slice(0, length)).kind).toBe('refused')
    }
  })

  it('bounds what an attacker makes long', () => {
    const [event] = eventsOf(17001, { CMD: 'X'.repeat(100_000), ARGS: 'y'.repeat(100_000) })
    expect(event?.payload).toEqual({ service: 'redis', operation: 'x'.repeat(100), argument: 'y'.repeat(4096) })
    const decoded = decode(13001, { REQUESTS: new Array(50_000).fill(1) })
    expect(decoded).toMatchObject({ kind: 'events', warnings: { length: 2 } })
  })

  it('never lets what was typed decide what a line is', () => {
    const typed = '"}, "logtype": 1000, "logdata": {"x": "'
    expect(eventsOf(4002, { USERNAME: typed, PASSWORD: typed })[0]?.payload).toMatchObject({ username: typed })
    expect(eventsOf(17001, { CMD: 'SET', ARGS: 'x {"logtype": 4002}' })[0]?.sourceKind).toBe('service_op')
  })

  it('gives the same line the same ids, and other content other ones', () => {
    const idsOf = (...parts: Parameters<typeof lineOf>) => eventsOf(...parts).map(({ sourceId }) => sourceId)
    const login = { PATH: '/', USERNAME: 'a', PASSWORD: 'b' }
    expect(idsOf(3001, login)).toEqual(idsOf(3001, login))
    expect(new Set(idsOf(3001, login)).size).toBe(2)
    expect(idsOf(3001, { ...login, PASSWORD: 'c' })).toEqual(idsOf(3001, login))
    expect(idsOf(17001, { CMD: 'GET' })).not.toEqual(idsOf(17001, { CMD: 'DEL' }))
    const utc = '2026-05-20 12:00:00.123457'
    expect(idsOf(17001, { CMD: 'GET' }, { utc_time: utc })).not.toEqual(idsOf(17001, { CMD: 'GET' }))
  })

  it('never throws, whatever the fields hold, and gives no field that it does not declare', () => {
    const names = SAMPLES.flatMap(([, logdata]) => Object.keys(logdata as object))
    const value = fc.oneof(fc.jsonValue(), fc.string(), fc.constantFrom('AUTH', 'mongodb.command', '<not supplied>'))
    const logdata = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...names), value))
    const codes = fc.constantFrom(...CANARY_LOG_TYPES.map(({ code }) => code))
    fc.assert(
      fc.property(
        codes,
        logdata,
        fc.dictionary(fc.constantFrom(...Object.keys(SHARED)), fc.jsonValue()),
        (...parts) => {
          const decoded = decode(...parts)
          if (decoded.kind !== 'events') return
          for (const event of decoded.events) {
            expect(event.sourceId).toMatch(/^[\da-f-]{36}$/)
            const known: readonly string[] = CANARY_FIELDS[event.sourceKind as keyof typeof CANARY_FIELDS]
            expect(
              Object.values(givenFields([event]))
                .flat()
                .filter((field) => !known.includes(field)),
            ).toEqual([])
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})
