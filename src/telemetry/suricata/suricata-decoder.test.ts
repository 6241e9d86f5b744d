import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLine, eventsOfLine } from '../../../test/support/decode-line.js'
import { givenFieldsOfAnyHeader, sortedFields } from '../../../test/support/given-fields.js'
import { SURICATA_EVENT_TYPES } from './event-types.js'
import { SURICATA_FIELDS } from './payloads.js'
import { suricataFormat } from './suricata-format.js'

const HEAD = {
  timestamp: '2026-05-20T12:00:00.123456+0200',
  flow_id: 1258832998001901,
  host: 'decky-05',
  src_ip: '198.51.100.12',
  src_port: 40511,
  dest_ip: '192.0.2.9',
  dest_port: 80,
  proto: 'TCP',
}
const HTTP = {
  event_type: 'http',
  http: {
    hostname: 'www.example.net',
    url: '/a?b=c?d',
    http_user_agent: 'curl/8.5.0',
    http_refer: 'http://www.example.net/',
    http_method: 'GET',
    status: 404,
    request_headers: [
      { name: 'Accept', value: 'a' },
      { name: 'accept', value: 'b' },
      { name: 'X-Api', value: '${jndi:x}' },
      { name: 'User-Agent', value: 'whole' },
      { name: '__proto__', value: 'x' },
    ],
  },
}
const SSH = {
  event_type: 'ssh',
  ssh: { client: { proto_version: '2.0', software_version: 'libssh_0.9.6', hassh: { hash: 'ab'.repeat(16) } } },
}
const TLS = { event_type: 'tls', tls: { sni: 'x', ja3: { hash: 'cd'.repeat(16), string: '771' }, ja4: 't13d1516h2' } }
const SMTP = {
  event_type: 'smtp',
  smtp: { helo: 'mx', mail_from: '<anna@Example.net>', rcpt_to: ['<a@example.org>', '<b@example.org>'] },
  email: { from: 'anna', subject: 'secret' },
}
const FILE = {
  event_type: 'fileinfo',
  app_proto: 'http',
  fileinfo: {
    filename: '/x.bin',
    magic: 'ELF 32-bit LSB executable',
    sha256: 'EF'.repeat(32),
    size: 7,
    state: 'CLOSED',
  },
}
const ALERT = {
  event_type: 'alert',
  app_proto: 'http',
  alert: {
    signature: 'Path traversal',
    signature_id: 1,
    severity: 1,
    metadata: {
      cve: ['none', 'CVE_2021_41773', 'CVE_2021_1'],
      mitre_technique_id: ['T1190', 'T1059_004', 'Exploit', ' T1110'],
    },
  },
}
const ALL = { HTTP, SSH, TLS, SMTP, FILE, ALERT }

const lineOf = (more: object) => JSON.stringify({ ...HEAD, ...more })
const decode = (more: object) => decodeLine(suricataFormat, lineOf(more))
const eventsOf = (more: object) => eventsOfLine(suricataFormat, lineOf(more))
const payloadsOf = (more: object) => eventsOf(more).map(({ payload }) => payload)

describe('the decoder of Suricata', () => {
  it('gives the request of an http line, with all its headers', () => {
    const [event] = eventsOf(HTTP)
    expect(event).toMatchObject({
      sourceKind: 'http_request',
      outcome: 'attempted',
      sourceIp: '198.51.100.12',
      sessionId: '1258832998001901',
      deckyId: 'decky-05',
      observedAt: new Date('2026-05-20T10:00:00.123Z'),
    })
    const { headers, ...rest } = event!.payload as { headers: object }
    expect(rest).toEqual({
      method: 'GET',
      path: '/a',
      query: 'b=c?d',
      raw_url: '/a?b=c?d',
      host: 'www.example.net',
      user_agent: 'whole',
      status: 404,
    })
    expect(Object.entries(headers)).toEqual([
      ['user-agent', 'whole'],
      ['referer', 'http://www.example.net/'],
      ['accept', 'a, b'],
      ['x-api', '${jndi:x}'],
      ['__proto__', 'x'],
    ])
    expect(payloadsOf({ event_type: 'http', http: { url: '/' } })).toEqual([{ path: '/', raw_url: '/' }])
  })

  it('gives what clients tell of themselves', () => {
    expect(payloadsOf(SSH)).toEqual([
      { metric: 'client_version', value: 'SSH-2.0-libssh_0.9.6', service: 'ssh' },
      { metric: 'hassh', value: 'ab'.repeat(16), service: 'ssh' },
    ])
    expect(payloadsOf(TLS)).toEqual([
      { metric: 'ja3', value: 'cd'.repeat(16), service: 'tls' },
      { metric: 'ja4', value: 't13d1516h2', service: 'tls' },
    ])
    expect(decode({ event_type: 'tls', tls: { sni: 'x' } })).toEqual({ kind: 'ignored' })
  })

  it('gives the steps of a mail without its addresses and its content', () => {
    expect(payloadsOf(SMTP)).toEqual([
      { service: 'smtp', operation: 'helo', argument: 'mx' },
      { service: 'smtp', operation: 'mail', argument: 'example.net' },
      { service: 'smtp', operation: 'rcpt', argument: '2' },
    ])
    expect(payloadsOf({ event_type: 'smtp', smtp: { mail_from: '<>' } })).toEqual([
      { service: 'smtp', operation: 'mail' },
    ])
    expect(JSON.stringify(eventsOf(SMTP))).not.toMatch(/anna|secret|example\.org/)
  })

  it('gives a file that a client sent, and none that a server sent', () => {
    expect(payloadsOf(FILE)).toEqual([
      { direction: 'upload', filename: '/x.bin', sha256: 'ef'.repeat(32), size: 7, type: 'elf', service: 'http' },
    ])
    expect(decode({ ...FILE, src_port: 80, dest_port: 40511 })).toEqual({ kind: 'ignored' })
    const odd = { filename: 'x', magic: 'data', sha256: 'no', size: -1 }
    expect(payloadsOf({ event_type: 'fileinfo', fileinfo: odd })).toEqual([{ direction: 'upload', filename: 'x' }])
  })

  it.each([
    ['PE32+ executable (GUI) x86-64', 'pe'],
    ['Bourne-Again shell script, ASCII text executable', 'script'],
    ['gzip compressed data, last modified', 'archive'],
  ])('takes %s for %s', (magic, type) => {
    expect(payloadsOf({ ...FILE, fileinfo: { magic } })[0]?.type).toBe(type)
  })

  it('gives an alert as an operation, of the client wherever the packet went', () => {
    const payload = {
      service: 'http',
      operation: 'alert',
      argument: 'Path traversal',
      destination_port: 80,
      cve: 'CVE-2021-41773',
      severity: 1,
      techniques: ['T1190', 'T1059.004'],
    }
    expect(payloadsOf(ALERT)).toEqual([payload])
    const { src_ip, src_port, dest_ip, dest_port } = HEAD
    const turned = { src_ip: dest_ip, src_port: dest_port, dest_ip: src_ip, dest_port: src_port }
    const [event] = eventsOf({ ...ALERT, ...turned, direction: 'to_client' })
    expect([event?.sourceIp, event?.payload]).toEqual(['198.51.100.12', payload])
    expect(payloadsOf({ event_type: 'alert', app_proto: 'failed', alert: {} })[0]?.service).toBe('tcp')
  })

  it('gives the fields that it declares and no others, and every event an id of its own', () => {
    const events = Object.values(ALL).flatMap(eventsOf)
    expect(givenFieldsOfAnyHeader(events)).toEqual(sortedFields(SURICATA_FIELDS))
    expect(new Set(events.map(({ sourceId }) => sourceId)).size).toBe(events.length)
  })

  it('has no session and no decky where the line names none', () => {
    const [event] = eventsOf({ ...HTTP, flow_id: undefined, host: undefined })
    expect([event?.sessionId, event?.deckyId]).toEqual([null, null])
  })

  it('ignores what it has no use for, and counts what it does not know by its name, bounded', () => {
    const ignored = SURICATA_EVENT_TYPES.filter((type) => 'ignoredBecause' in type).map(({ name }) => name)
    expect(ignored).toContain('flow')
    for (const name of ignored) expect(decode({ event_type: name })).toEqual({ kind: 'ignored' })
    expect(decode({ event_type: 'novel' })).toEqual({ kind: 'unknown', eventType: 'novel' })
    expect(decode({ event_type: 'y'.repeat(5000) })).toEqual({ kind: 'unknown', eventType: 'y'.repeat(100) })
    expect(decode({ event_type: 'constructor' }).kind).toBe('unknown')
    expect(new Set(SURICATA_EVENT_TYPES.map(({ name }) => name)).size).toBe(SURICATA_EVENT_TYPES.length)
  })

  it('gives only the kinds that are used', () => {
    const kinds = (more: object, kind: string) => decodeLine(suricataFormat, lineOf(more), [kind]).kind
    expect([kinds(HTTP, 'http_request'), kinds(HTTP, 'payload')]).toEqual(['events', 'ignored'])
  })

  it.each([
    ['no type', { event_type: undefined }],
    ['a type that is no text', { event_type: 7 }],
    ['no address', { src_ip: undefined }],
    ['an address that is none', { src_ip: 7 }],
    ['no time', { timestamp: undefined }],
    ['a time that is none', { timestamp: 'now' }],
  ])('refuses a line with %s', (_, more) => {
    expect(decode({ ...HTTP, ...more }).kind).toBe('refused')
  })

  it.each(Object.entries(ALL))('refuses a line of %s that was cut off anywhere', (_, more) => {
    const line = lineOf(more)
    for (let length = 1; length < line.length; length++) {
      expect(decodeLine(suricataFormat, line.slice(0, length)).kind).toBe('refused')
    }
  })

  it('leaves out what has the wrong type and lets the rest stand', () => {
    const http = { url: '/', status: '404', request_headers: [7, { name: 1, value: 'x' }], http_method: ['GET'] }
    expect(decode({ event_type: 'http', flow_id: [], http })).toMatchObject({
      kind: 'events',
      events: [{ sessionId: null, payload: { path: '/' } }],
      warnings: [
        { message: '"flow_id" should be a number, but is list; the field was left out' },
        { message: '"http.request_headers" should hold objects only; 1 of its items were left out' },
        { message: '"http.http_method" should be text, but is list; the field was left out' },
        { message: '"http.status" should be a number, but is text; the field was left out' },
      ],
    })
  })

  it('bounds what an attacker makes long', () => {
    const long = 'x'.repeat(100_000)
    expect(payloadsOf({ event_type: 'smtp', smtp: { helo: long } })[0]?.argument).toHaveLength(4096)
    expect(payloadsOf({ event_type: 'ssh', ssh: { client: { software_version: long } } })[0]?.value).toHaveLength(4096)
  })

  it('never lets what was sent decide what a line is', () => {
    const sent = '"},"event_type":"stats","x":{"y":"'
    expect(payloadsOf({ event_type: 'http', http: { url: sent } })[0]).toMatchObject({ raw_url: sent })
  })

  it('never throws, and gives no other kinds of events', () => {
    const object = fc.dictionary(
      fc.constantFrom('url', 'request_headers', 'client', 'ja3', 'rcpt_to', 'magic', 'size', 'metadata', 'hash', 'cve'),
      fc.jsonValue(),
    )
    const names = Object.values(ALL).map(({ event_type: name }) => name)
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.oneof(object, fc.jsonValue()), fc.jsonValue(), (name, part, more) => {
        const decoded = decode({ event_type: name, [name]: part, flow_id: more, dest_port: more, direction: more })
        for (const event of decoded.kind === 'events' ? decoded.events : []) {
          expect(Object.keys(SURICATA_FIELDS)).toContain(event.sourceKind)
          expect(event.sourceId).toMatch(/^[\da-f-]{36}$/)
        }
      }),
    )
  })
})
