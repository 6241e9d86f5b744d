import { describe, expect, it } from 'vitest'
import type { TaggerEvent } from '../../events/tagger-event.js'
import type { Decoded } from '../decoder.js'
import { CowrieDecoder } from './cowrie-decoder.js'

const SHARED = {
  session: 'b11ec3a296bf',
  src_ip: '198.51.100.12',
  sensor: 'decky-03',
  protocol: 'ssh',
  timestamp: '2026-11-20T11:51:37.418407Z',
}

function decodeText(line: string | Buffer, kinds: readonly string[] | null = null): Decoded {
  const bytes = Buffer.from(line)
  return new CowrieDecoder({ sourceKinds: kinds && new Set(kinds) }).decode(bytes, 0, bytes.length)
}

const decode = (fields: object, kinds?: readonly string[]) =>
  decodeText(JSON.stringify({ ...SHARED, ...fields }), kinds)

function eventOf(fields: object): TaggerEvent {
  const decoded = decode(fields)
  if (decoded.kind !== 'events') throw new Error(`no event: ${JSON.stringify(decoded)}`)
  expect(decoded.warnings).toEqual([])
  expect(decoded.events).toHaveLength(1)
  return decoded.events[0]!
}

function problemOf(decoded: Decoded) {
  if (decoded.kind !== 'refused') throw new Error(`not refused: ${decoded.kind}`)
  return decoded.problem
}

describe('CowrieDecoder', () => {
  it('gives an event its place: session, sensor, address and time', () => {
    const event = eventOf({ eventid: 'cowrie.command.input', input: 'uname -a' })
    expect(event).toMatchObject({
      sourceKind: 'command',
      sessionId: 'b11ec3a296bf',
      deckyId: 'decky-03',
      sourceIp: '198.51.100.12',
      outcome: 'emulated',
      identityUuid: null,
      observedAt: new Date('2026-11-20T11:51:37.418Z'),
      payload: { command_text: 'uname -a', service: 'ssh' },
    })
    expect(event.sourceId).toMatch(/^[\da-f-]{36}$/)
    expect(event.attackerUuid).toMatch(/^[\da-f-]{36}$/)
  })

  it.each([
    [
      { eventid: 'cowrie.login.success', username: 'root', password: 'vizxv' },
      'auth_attempt',
      { service: 'ssh', username: 'root', password: 'vizxv', success: true, method: 'password' },
    ],
    [
      { eventid: 'cowrie.login.failed', username: 'pi', fingerprint: '41:c6', key: 'ssh-rsa AAAA', type: 'ssh-rsa' },
      'auth_attempt',
      { service: 'ssh', username: 'pi', success: false, method: 'publickey', key_type: 'ssh-rsa' },
    ],
    [
      { eventid: 'cowrie.session.file_download', url: 'http://192.0.2.1/x', shasum: 'ab12', destfile: '' },
      'payload',
      { direction: 'download', url: 'http://192.0.2.1/x', sha256: 'ab12', success: true, service: 'ssh' },
    ],
    [
      { eventid: 'cowrie.session.file_download', destfile: '/root/.ssh/authorized_keys', shasum: 'ab12' },
      'payload',
      {
        direction: 'redirect',
        destination: '/root/.ssh/authorized_keys',
        sha256: 'ab12',
        success: true,
        service: 'ssh',
      },
    ],
    [
      { eventid: 'cowrie.session.file_download.failed', url: 'tftp://192.0.2.1/x', error: 'Network is unreachable' },
      'payload',
      {
        direction: 'download',
        url: 'tftp://192.0.2.1/x',
        success: false,
        error: 'Network is unreachable',
        service: 'ssh',
      },
    ],
    [
      {
        eventid: 'cowrie.session.file_upload',
        filename: 'a.sh',
        url: '/root/a.sh',
        destfile: '/root/a.sh',
        shasum: 'ab',
      },
      'payload',
      { direction: 'upload', filename: 'a.sh', destination: '/root/a.sh', sha256: 'ab', success: true, service: 'ssh' },
    ],
    [
      { eventid: 'cowrie.direct-tcpip.request', dst_ip: 'example.net', dst_port: 443 },
      'service_op',
      { service: 'ssh', operation: 'direct-tcpip', destination_host: 'example.net', destination_port: 443 },
    ],
    [
      { eventid: 'cowrie.direct-tcpip.data', dst_ip: 'example.net', dst_port: 80, data: "b'GET /'" },
      'service_op',
      {
        service: 'ssh',
        operation: 'direct-tcpip-data',
        destination_host: 'example.net',
        destination_port: 80,
        argument: "b'GET /'",
      },
    ],
    [
      { eventid: 'cowrie.telnet.exploit_attempt', cve: 'CVE-2026-24061', name: 'USER', value: '-f root' },
      'service_op',
      { service: 'telnet', operation: 'exploit_attempt', cve: 'CVE-2026-24061', argument: 'USER=-f root' },
    ],
    [
      { eventid: 'cowrie.telnet.exploit_success', cve: 'CVE-2026-24061', attempted_command: 'id' },
      'service_op',
      { service: 'telnet', operation: 'exploit_success', cve: 'CVE-2026-24061', argument: 'id' },
    ],
    [
      { eventid: 'cowrie.client.version', version: 'SSH-2.0-Go' },
      'fingerprint',
      { metric: 'client_version', value: 'SSH-2.0-Go', service: 'ssh' },
    ],
    [
      { eventid: 'cowrie.client.kex', hassh: '5e58da98', kexAlgs: ['a'] },
      'fingerprint',
      { metric: 'hassh', value: '5e58da98', service: 'ssh' },
    ],
    [
      { eventid: 'cowrie.client.fingerprint', username: 'root', fingerprint: '41:c6', type: 'ssh-rsa' },
      'fingerprint',
      { metric: 'public_key', value: '41:c6', service: 'ssh' },
    ],
    [
      { eventid: 'cowrie.direct-tcpip.ja4h', ja4h: 'ge11nn' },
      'fingerprint',
      { metric: 'ja4h', value: 'ge11nn', service: 'ssh' },
    ],
    [
      { eventid: 'cowrie.client.size', width: 80, height: 24 },
      'fingerprint',
      { metric: 'terminal_size', value: '80x24', service: 'ssh' },
    ],
    [
      { eventid: 'cowrie.client.var', name: 'LANG', value: '' },
      'fingerprint',
      { metric: 'environment', name: 'LANG', value: '', service: 'ssh' },
    ],
    [
      { eventid: 'cowrie.session.connect', dst_port: 2222 },
      'session',
      { phase: 'opened', service: 'ssh', destination_port: 2222 },
    ],
    [
      { eventid: 'cowrie.session.closed', duration_ms: 16476 },
      'session',
      { phase: 'closed', service: 'ssh', duration_seconds: 16.476 },
    ],
    [
      { eventid: 'cowrie.session.closed', duration: 2.5 },
      'session',
      { phase: 'closed', service: 'ssh', duration_seconds: 2.5 },
    ],
    [
      { eventid: 'cowrie.session.closed', duration: '2.5' },
      'session',
      { phase: 'closed', service: 'ssh', duration_seconds: 2.5 },
    ],
  ])('decodes %o', (fields, sourceKind, payload) => {
    const event = eventOf(fields)
    expect(event.sourceKind).toBe(sourceKind)
    expect(event.payload).toEqual(payload)
  })

  it.each([
    ["SSHService 'ssh-userauth' on HoneyPotSSHTransport,24896,192.0.2.1", 'ssh'],
    ['CowrieTelnetTransport,7,192.0.2.1', 'telnet'],
    ['cowrie.telnet.factory.HoneyPotTelnetFactory', 'telnet'],
    [undefined, 'ssh'],
  ])('infers the service of an old line from %j', (system, service) => {
    const event = eventOf({ eventid: 'cowrie.login.failed', isError: 0, protocol: undefined, system })
    expect(event.payload.service).toBe(service)
  })

  it('bounds tunnelled data and does not cut a character in half', () => {
    const payloadOf = (data: string) =>
      eventOf({ eventid: 'cowrie.direct-tcpip.data', data }).payload.argument as string
    expect(payloadOf('x'.repeat(100_000))).toHaveLength(4096)
    expect(payloadOf(`${'x'.repeat(4095)}🏠`)).toHaveLength(4095)
  })

  it.each([
    ['an empty sensor', { sensor: '' }],
    ['no sensor', { sensor: undefined }],
    ['a null sensor', { sensor: null }],
  ])('knows no decky where the line has %s', (_, fields) => {
    expect(eventOf({ eventid: 'cowrie.command.input', input: 'id', ...fields }).deckyId).toBeNull()
  })

  it.each(['2001:db8::1', 'fe80::1%eth0', 'proxy.example.net'])('takes the address %s as it stands', (address) => {
    expect(eventOf({ eventid: 'cowrie.command.input', input: 'id', src_ip: address }).sourceIp).toBe(address)
  })

  it.each(['cowrie.command.failed', 'cowrie.command.success', 'cowrie.session.input', 'cowrie.proxy.ssh'])(
    'ignores %s even without session and address',
    (eventid) => {
      expect(decode({ eventid })).toEqual({ kind: 'ignored' })
      expect(decode({ eventid, src_ip: undefined, session: undefined, note: '\\' })).toEqual({ kind: 'ignored' })
    },
  )

  it('takes what was typed into a running program for no command line', () => {
    expect(decode({ eventid: 'cowrie.command.input', realm: 'passwd', input: 'hunter2' }).kind).toBe('ignored')
  })

  it('names an event type that it does not know, bounded', () => {
    expect(decode({ eventid: 'cowrie.future.thing' })).toEqual({ kind: 'unknown', eventType: 'cowrie.future.thing' })
    expect(decode({ eventid: 'x'.repeat(5000) })).toEqual({ kind: 'unknown', eventType: 'x'.repeat(100) })
  })

  it('skips kinds that nothing uses', () => {
    expect(decode({ eventid: 'cowrie.login.failed' }, ['command']).kind).toBe('ignored')
    expect(decode({ eventid: 'cowrie.command.input', input: 'id' }, ['command']).kind).toBe('events')
  })

  it('never lets typed text decide what a line is', () => {
    const typed = '","eventid":"cowrie.log.closed","x":"'
    const event = eventOf({ input: typed, eventid: 'cowrie.command.input' })
    expect(event.payload.command_text).toBe(typed)
    const line = `{"eventid":"cowrie.log.closed",${JSON.stringify(SHARED).slice(1, -1)},"eventid":"cowrie.command.input","input":"id"}`
    expect(decodeText(line).kind).toBe('events')
  })

  it.each(['session', 'src_ip', 'timestamp', 'eventid'])('refuses a line without %s and names the field', (field) => {
    const problem = problemOf(decode({ eventid: 'cowrie.command.input', input: 'id', [field]: undefined }))
    expect(problem).toEqual({ code: 'missing-field', message: `"${field}" is missing`, column: null })
    expect(problemOf(decode({ eventid: 'cowrie.command.input', [field]: ['x'] })).code).toBe('wrong-type')
  })

  it('refuses a time that is none and doubts one that cannot be', () => {
    const withTime = (timestamp: string) => decode({ eventid: 'cowrie.command.input', input: 'id', timestamp })
    expect(problemOf(withTime('20 Nov 2026')).code).toBe('invalid-time')
    const early = withTime('1970-01-01T00:00:07.000000Z')
    expect(early).toMatchObject({
      kind: 'events',
      events: [{ observedAt: new Date(7000) }],
      warnings: [{ code: 'implausible-time' }],
    })
  })

  it('leaves a field of the wrong type out and lets the event stand', () => {
    expect(decode({ eventid: 'cowrie.login.failed', username: 'root', password: 123456 })).toMatchObject({
      kind: 'events',
      events: [{ payload: { service: 'ssh', username: 'root', success: false, method: 'password' } }],
      warnings: [{ code: 'wrong-type', message: '"password" should be text, but is number; the field was left out' }],
    })
  })

  it('lets an event with bytes that are not UTF-8 stand, with a warning', () => {
    const text = JSON.stringify({ ...SHARED, eventid: 'cowrie.command.input', input: 'echo #' })
    const bytes = Buffer.from(text)
    bytes[bytes.indexOf('#')] = 0xff
    expect(decodeText(bytes)).toMatchObject({
      events: [{ payload: { command_text: 'echo \uFFFD' } }],
      warnings: [{ code: 'invalid-utf8' }],
    })
  })

  it.each(['', '   ', '\t\r'])('takes %j for a blank line', (line) => {
    expect(decodeText(line)).toEqual({ kind: 'ignored' })
  })

  it.each([
    ['a truncated line of an unused type', '{"eventid":"cowrie.log.closed","session":"b11e'],
    ['a raw NUL', '{"eventid":"cowrie.command.input","input":"\u0000"}'],
    ['plain text', '2026-11-20 login attempt'],
    ['UTF-16', Buffer.from('{"eventid":"cowrie.log.closed"}', 'utf16le')],
  ])('refuses %s', (_, line) => {
    expect(problemOf(decodeText(line)).code).toBe('invalid-json')
  })

  it('gives the same event id for the same line and for a different outcome of another', () => {
    const first = eventOf({ eventid: 'cowrie.command.input', input: 'id' })
    expect(eventOf({ eventid: 'cowrie.command.input', input: 'id' }).sourceId).toBe(first.sourceId)
    expect(eventOf({ eventid: 'cowrie.command.input', input: 'ls' }).sourceId).not.toBe(first.sourceId)
  })
})
