import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { givenFields, sortedFields } from '../../../test/support/given-fields.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
import type { Decoded } from '../decoder.js'
import { COMBINED_FIELDS, CombinedDecoder } from './combined-decoder.js'
import { COMBINED_LINE_PARTS } from './line-parts.js'

const HEAD = '192.0.2.7 - - [10/Oct/2026:13:55:36 +0000]'
const TAIL = '404 162 "-" "curl/8.5.0"'

function decode(line: string | Buffer, kinds: readonly string[] | null = null): Decoded {
  const bytes = Buffer.from(line)
  return new CombinedDecoder({ sourceKinds: kinds && new Set(kinds) }).decode(bytes, 0, bytes.length)
}

function eventOf(line: string | Buffer): TaggerEvent {
  const decoded = decode(line)
  if (decoded.kind !== 'events') throw new Error(`no event: ${JSON.stringify(decoded)}`)
  expect(decoded.warnings).toEqual([])
  expect(decoded.events).toHaveLength(1)
  return decoded.events[0]!
}

const ofRequest = (request: string) => eventOf(`${HEAD} "${request}" ${TAIL}`).payload

function problemOf(line: string | Buffer) {
  const decoded = decode(line)
  if (decoded.kind !== 'refused') throw new Error(`not refused: ${decoded.kind}`)
  return decoded.problem
}

describe('CombinedDecoder', () => {
  it('decodes a line of the form combined', () => {
    const line = `${HEAD} "GET /shop/item.php?id=7&x=%27 HTTP/1.1" 404 162 "http://www.example.net/" "Mozilla/5.0 (X11)"`
    const event = eventOf(line)
    expect(event).toMatchObject({
      sourceKind: 'http_request',
      sourceIp: '192.0.2.7',
      sessionId: null,
      deckyId: null,
      identityUuid: null,
      outcome: 'attempted',
      observedAt: new Date('2026-10-10T13:55:36Z'),
    })
    expect(event.payload).toEqual({
      method: 'GET',
      path: '/shop/item.php',
      query: 'id=7&x=%27',
      raw_url: '/shop/item.php?id=7&x=%27',
      headers: { referer: 'http://www.example.net/', 'user-agent': 'Mozilla/5.0 (X11)' },
      user_agent: 'Mozilla/5.0 (X11)',
      status: 404,
    })
  })

  it('decodes a line of the form common', () => {
    expect(eventOf(`${HEAD} "HEAD / HTTP/1.0" 200 -`).payload).toEqual({
      method: 'HEAD',
      path: '/',
      raw_url: '/',
      status: 200,
    })
  })

  it.each([
    ['www.example.net:443 192.0.2.7', 'www.example.net', '192.0.2.7'],
    ['198.51.100.1:80 2001:db8::1', '198.51.100.1', '2001:db8::1'],
    ['[2001:db8::5]:8080 192.0.2.7', '[2001:db8::5]', '192.0.2.7'],
    ['2001:db8::80', undefined, '2001:db8::80'],
    ['client.example.net', undefined, 'client.example.net'],
  ])('tells host and client in %j', (start, host, address) => {
    const event = eventOf(`${start} - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "-"`)
    expect([event.payload.host, event.sourceIp]).toEqual([host, address])
  })

  it('honours the zone, and the time as written tells events apart', () => {
    const at = (time: string) => eventOf(`192.0.2.7 - - [${time}] "GET / HTTP/1.1" 200 5`)
    const [east, utc] = [at('10/Oct/2026:13:55:36 +0530'), at('10/Oct/2026:08:25:36 +0000')]
    expect(east.observedAt).toEqual(new Date('2026-10-10T08:25:36Z'))
    expect(east.observedAt).toEqual(utc.observedAt)
    expect(east.sourceId).not.toBe(utc.sourceId)
  })

  it('gives the same id for the same line, and another for another client or other data', () => {
    const lines = [
      `${HEAD} "GET /a HTTP/1.1" ${TAIL}`,
      `192.0.2.8${HEAD.slice(9)} "GET /a HTTP/1.1" ${TAIL}`,
      `${HEAD} "GET /b HTTP/1.1" ${TAIL}`,
      `${HEAD} "\\x16\\x03\\x01" ${TAIL}`,
      `${HEAD} "\\x16\\x03\\x02" ${TAIL}`,
    ]
    expect(new Set(lines.map((line) => eventOf(line).sourceId)).size).toBe(lines.length)
    expect(lines.map((line) => eventOf(line).sourceId)).toEqual(lines.map((line) => eventOf(line).sourceId))
  })

  it.each([
    ['GET /a b?c d HTTP/1.1', { method: 'GET', path: '/a b', query: 'c d', raw_url: '/a b?c d' }],
    ['GET /a? HTTP/1.1', { method: 'GET', path: '/a', raw_url: '/a?' }],
    ['GET /old', { method: 'GET', path: '/old', raw_url: '/old' }],
    ['CONNECT mail.example:25 HTTP/1.1', { method: 'CONNECT', path: 'mail.example:25', raw_url: 'mail.example:25' }],
    ['GET http://a.example/x HTTP/1.1', { method: 'GET', path: 'http://a.example/x', raw_url: 'http://a.example/x' }],
    ['GET', { method: 'GET', raw_url: 'GET' }],
    ['GET HTTP/1.1', { method: 'GET', raw_url: 'GET HTTP/1.1' }],
    ['SSH-2.0-Go', { raw_url: 'SSH-2.0-Go' }],
    ['EHLO example', { raw_url: 'EHLO example' }],
    ['\\x16\\x03\\x01\\x02\\x00\\xFC \\xe9', { raw_url: '\x16\x03\x01\x02\x00\xfc \xe9' }],
    ['\\n', { raw_url: '\n' }],
    ['-', {}],
    ['', {}],
  ])('takes the request %j apart', (request, parts) => {
    const { status, headers, user_agent, ...rest } = ofRequest(request)
    expect(rest).toEqual(parts)
    expect([status, headers, user_agent]).toEqual([404, { 'user-agent': 'curl/8.5.0' }, 'curl/8.5.0'])
  })

  it.each([
    ['\\x22\\x5C\\x0A', '"\\\n'],
    ['\\"\\\\\\n\\t\\r\\b\\v\\x07', '"\\\n\t\r\b\v\x07'],
    ['caf\\xC3\\xA9 café', 'café café'],
    ['\\xff\\xfe', '\xff\xfe'],
    ['\\q \\x4 \\xzz', '\\q \\x4 \\xzz'],
    ['\\\\x41', '\\x41'],
  ])('undoes the escapes of %j', (written, sent) => {
    expect(eventOf(`${HEAD} "GET / HTTP/1.1" 200 5 "-" "${written}"`).payload.user_agent).toBe(sent)
  })

  it('reads raw bytes that are not UTF-8 one character each', () => {
    const line = Buffer.from(`${HEAD} "GET /\xe9 HTTP/1.1" ${TAIL}`, 'latin1')
    expect(eventOf(line).payload.path).toBe('/\xe9')
  })

  it('lets no user name move time, request or address', () => {
    const user = 'x [01/Jan/2001:00:00:00 +0000] \\x22GET /forged HTTP/1.1\\x22 200 5'
    const event = eventOf(`192.0.2.7 - ${user} [10/Oct/2026:13:55:36 +0000] "GET /real HTTP/1.1" ${TAIL}`)
    expect(event).toMatchObject({ sourceIp: '192.0.2.7', observedAt: new Date('2026-10-10T13:55:36Z') })
    expect(event.payload.path).toBe('/real')
  })

  it('looks at nothing behind the user agent', () => {
    const plain = eventOf(`${HEAD} "GET / HTTP/1.1" ${TAIL}`)
    const extended = eventOf(`${HEAD} "GET / HTTP/1.1" ${TAIL} "198.51.100.9" 0.004 "`)
    expect(extended.payload).toEqual(plain.payload)
    expect(extended.sourceId).toBe(plain.sourceId)
  })

  it('decodes a line in the midst of a buffer and looks at nothing else of it', () => {
    const line = `${HEAD} "GET / HTTP/1.1" ${TAIL}`
    const bytes = Buffer.from(`"junk"${line}"junk" "`)
    const decoded = new CombinedDecoder({ sourceKinds: null }).decode(bytes, 6, 6 + line.length)
    expect(decoded).toEqual(decode(line))
  })

  it.each([
    ['plain text', 'server started', 'no request', 1],
    ['JSON', '{"eventid":"cowrie.session.connect"}', 'a time is expected', 2],
    ['another time', '192.0.2.7 - - [2026-10-10T13:55:36Z] "GET / HTTP/1.1" 200 5', 'a time is expected', 38],
    ['no address', '- - - [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 5', "client's address", 1],
    [
      'a host without a client',
      'a.example:80 [10/Oct/2026:13:55:36 +0000] "GET / HTTP/1.1" 200 5',
      "client's address",
      1,
    ],
    ['no status', `${HEAD} "GET / HTTP/1.1" ok`, 'a status code', 63],
    ['a quote inside', `${HEAD} "GET /"x" HTTP/1.1" 200 5`, 'a status code', 51],
    ['no size', `${HEAD} "GET / HTTP/1.1" 200`, 'the size', 64],
    ['a request without end', `${HEAD} "GET /é`, 'end of the request', 51],
    ['a referrer without end', `${HEAD} "GET / HTTP/1.1" 200 5 "http://a`, 'end of the referrer', 76],
    ['no user agent', `${HEAD} "GET / HTTP/1.1" 200 5 "-"`, 'end of the user agent', 70],
    ['a user agent that ends in an escape', `${HEAD} "GET / HTTP/1.1" 200 5 "-" "x\\"`, 'end of the user agent', 75],
  ])('refuses %s and says where', (_, line, message, column) => {
    const problem = problemOf(line)
    expect(problem).toMatchObject({ code: 'invalid-line', column })
    expect(problem.message).toContain(message)
  })

  it.each([
    '32/Oct/2026:13:55:36 +0000',
    '10/Okt/2026:13:55:36 +0000',
    '10/Oct/2026:25:55:36 +0000',
    '10/Oct/2026:13:55:36 UTC+0',
  ])('refuses the time %s', (time) => {
    expect(problemOf(`192.0.2.7 - - [${time}] "GET / HTTP/1.1" 200 5`).code).toBe('invalid-time')
  })

  it('doubts a time that cannot be', () => {
    expect(decode('192.0.2.7 - - [01/Jan/1970:00:00:07 +0000] "GET / HTTP/1.1" 200 5')).toMatchObject({
      kind: 'events',
      warnings: [{ code: 'implausible-time' }],
    })
  })

  it('refuses a line that breaks off anywhere, unless it then has the form common', () => {
    const line = `${HEAD} "GET /a?b HTTP/1.1" 404 162 "-" "curl"`
    const common = line.indexOf(' 162') + 2
    for (let length = 1; length < line.length; length++) {
      const isCommon = length >= common && length <= line.indexOf(' "-"') + 1
      expect([length, decode(line.slice(0, length)).kind]).toEqual([length, isCommon ? 'events' : 'refused'])
    }
  })

  it.each(['', '   ', '\t\r'])('takes %j for a blank line', (line) => {
    expect(decode(line)).toEqual({ kind: 'ignored' })
  })

  it('skips every line where nothing uses requests', () => {
    expect(decode(`${HEAD} "GET / HTTP/1.1" ${TAIL}`, ['command'])).toEqual({ kind: 'ignored' })
    expect(decode(`${HEAD} "GET / HTTP/1.1" ${TAIL}`, ['http_request']).kind).toBe('events')
  })

  it.each([
    ['spaces', ' '.repeat(1_000_000)],
    ['quotes', '"'.repeat(1_000_000)],
    ['backslashes', `${HEAD} "${'\\'.repeat(1_000_000)}`],
    ['escapes', `${HEAD} "GET /${'\\x22'.repeat(250_000)} HTTP/1.1" ${TAIL}`],
    ['spaces in a request', `${HEAD} "GET /${' '.repeat(1_000_000)}" ${TAIL}`],
    ['brackets', `192.0.2.7 ${'['.repeat(1_000_000)}`],
    ['fields', `${'a:80 '.repeat(200_000)}"`],
  ])('is done at once with a huge line of %s', (_, line) => {
    const begun = performance.now()
    decode(line)
    expect(performance.now() - begun).toBeLessThan(500)
  })

  it('never throws, whatever the bytes', () => {
    const part = fc.constantFrom(
      HEAD,
      ' "',
      '"',
      '\\',
      '\\x',
      '\\x2',
      ' ',
      ' 200',
      ' 5',
      '-',
      '[',
      ']',
      '\u0000',
      'é',
      'HTTP/1.1',
    )
    const lines = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.array(part, { maxLength: 14 }).map((parts) => Buffer.from(parts.join(''))),
      fc
        .uint8Array({ maxLength: 60 })
        .map((bytes) => Buffer.concat([Buffer.from(`${HEAD} "`), bytes, Buffer.from(`" ${TAIL}`)])),
    )
    fc.assert(
      fc.property(lines, (bytes) => {
        const decoded = decode(bytes)
        expect(['events', 'refused', 'ignored']).toContain(decoded.kind)
        if (decoded.kind === 'refused') expect(decoded.problem.column ?? 1).toBeLessThanOrEqual(bytes.length + 1)
      }),
      { numRuns: 2000 },
    )
  })

  it('gives back any text that a server escaped, in either way', () => {
    const hex = (byte: number) => `\\x${byte.toString(16).padStart(2, '0')}`
    const isPlain = (byte: number) => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c
    const nginx = (bytes: Buffer) =>
      [...bytes].map((b) => (isPlain(b) ? String.fromCharCode(b) : hex(b).toUpperCase().replace('X', 'x')))
    const apache = (bytes: Buffer) =>
      [...bytes].map((b) =>
        isPlain(b) ? String.fromCharCode(b) : b === 0x22 || b === 0x5c ? `\\${String.fromCharCode(b)}` : hex(b),
      )
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 2 }), fc.constantFrom(nginx, apache), (sent, write) => {
        const line = `${HEAD} "GET / HTTP/1.1" 200 5 "-" "${write(Buffer.from(sent)).join('')}"`
        expect(eventOf(line).payload.user_agent).toBe(sent)
      }),
    )
  })
})

describe('COMBINED_FIELDS', () => {
  it('names exactly the fields that an event may have', () => {
    const line =
      'www.example.net:80 192.0.2.7 - - [10/Oct/2026:13:55:36 +0000] "GET /a?b HTTP/1.1" 200 5 "http://a" "curl"'
    const lines = [line, `${HEAD} "\\x16" 400 0`, `${HEAD} "-" 408 0 "-" "-"`, `${HEAD} "GET / HTTP/1.1" ${TAIL}`]
    expect(givenFields(lines.map(eventOf))).toEqual(sortedFields(COMBINED_FIELDS))
  })

  it('is what the table of the parts of a line says', () => {
    const outside = ['source_ip', 'observed_at']
    const ofTable = COMBINED_LINE_PARTS.flatMap(({ becomes }) => becomes).filter((name) => !outside.includes(name))
    expect(sortedFields({ http_request: ofTable })).toEqual(sortedFields(COMBINED_FIELDS))
  })
})
