import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLine, eventsOfLine } from '../../../test/support/decode-line.js'
import { givenFields, sortedFields } from '../../../test/support/given-fields.js'
import { heraldingFormat } from './heralding-format.js'
import { LOGIN_FIELDS } from './login.js'

const HEADER =
  'timestamp,auth_id,session_id,source_ip,source_port,destination_ip,destination_port,protocol,username,password,password_hash'
const PLACE = ['a7c0', 's-41', '198.51.100.12', '40511', '192.0.2.9', '22']

const recordOf = (rest: string, time = '2026-05-20 12:00:00.123456') => [time, ...PLACE, rest].join(',')
const decode = (line: string | Buffer) => decodeLine(heraldingFormat, line)
const eventOf = (line: string) => eventsOfLine(heraldingFormat, line)[0]!

/** What one decoder makes of lines that follow each other: user names of logins, or why there is none. */
function decodeAll(lines: readonly string[]): readonly unknown[] {
  const decoder = heraldingFormat.createDecoder({ sourceKinds: null })
  return lines.map((line) => {
    const bytes = Buffer.from(line)
    const decoded = decoder.decode(bytes, 0, bytes.length)
    return decoded.kind === 'events' ? decoded.events[0]?.payload.username : decoded.kind
  })
}

describe('the decoder of the list of logins', () => {
  it('gives a refused login with its place and time, which is UTC', () => {
    const event = eventOf(recordOf('SSH,root,"a,""b""",'))
    expect(event).toMatchObject({
      sourceKind: 'auth_attempt',
      sourceIp: '198.51.100.12',
      sessionId: 's-41',
      deckyId: null,
      outcome: 'attempted',
      observedAt: new Date('2026-05-20T12:00:00.123Z'),
    })
    expect(event.payload).toEqual({
      service: 'ssh',
      success: false,
      method: 'password',
      username: 'root',
      password: 'a,"b"',
    })
    expect(givenFields([event])).toEqual(sortedFields(LOGIN_FIELDS))
  })

  it('takes an empty password for one, unless there is a hash in its place', () => {
    expect(eventOf(recordOf('ftp,anonymous,,')).payload.password).toBe('')
    expect(eventOf(recordOf('ftp,anonymous,')).payload.password).toBe('')
    expect(eventOf(recordOf('mysql,root,,5f4dcc')).payload).not.toHaveProperty('password')
    expect(eventOf(recordOf('vnc,,x,')).payload).not.toHaveProperty('username')
  })

  it.each([HEADER, HEADER.slice(0, HEADER.lastIndexOf(',')), '', ' \t\r'])('ignores %j, wherever it stands', (line) => {
    expect(decode(line)).toEqual({ kind: 'ignored' })
    expect(decodeAll([recordOf('ssh,a,b,'), line, recordOf('ssh,c,d,')])).toEqual(['a', 'ignored', 'c'])
  })

  it.each([
    ['too few columns', recordOf('ssh,root'), 'invalid-line'],
    ['too many columns', recordOf('ssh,root,a,b,c'), 'invalid-line'],
    ['no time', recordOf('ssh,root,a,', 'yesterday'), 'invalid-time'],
    ['no address', recordOf('ssh,root,a,').replace('198.51.100.12', ''), 'missing-field'],
    ['no session', recordOf('ssh,root,a,').replace('s-41', ''), 'missing-field'],
    ['no protocol', recordOf(',root,a,'), 'missing-field'],
    ['JSON', '{"timestamp":"2026-05-20 12:00:00"}', 'invalid-line'],
    ['a header of another file', 'timestamp,duration,session_id,source_ip', 'invalid-line'],
  ])('refuses a line with %s', (_, line, code) => {
    expect(decode(line)).toMatchObject({ kind: 'refused', problem: { code } })
  })

  it('refuses a line that was cut off before its password', () => {
    const line = recordOf('ssh,root,')
    for (let length = 1; length < line.length; length++) expect(decode(line.slice(0, length)).kind).toBe('refused')
  })

  it('doubts a time that cannot be, and bytes that are not UTF-8', () => {
    expect(decode(recordOf('ssh,a,b,', '1970-01-01 00:00:01'))).toMatchObject({
      warnings: [{ code: 'implausible-time' }],
    })
    const bytes = Buffer.from(recordOf('ssh,a#,b,'))
    bytes[bytes.indexOf('#')] = 0xff
    expect(decode(bytes)).toMatchObject({
      events: [{ payload: { username: 'a\uFFFD' } }],
      warnings: [{ code: 'invalid-utf8' }],
    })
  })

  it('takes no login from the text of a password with line feeds in it', () => {
    const forged = recordOf('ssh,forged,x,').replace('198.51.100.12', '203.0.113.1')
    const lines = [recordOf('ssh,a,"x'), forged, HEADER, '', `${forged.slice(0, -1)}",`, recordOf('ssh,b,y,')]
    expect(decodeAll(lines)).toEqual(['refused', 'refused', 'refused', 'refused', 'refused', 'b'])
    const twice = [recordOf('ssh,"a'), forged, 'b","c', forged, '",', recordOf('ssh,b,y,')]
    expect(decodeAll(twice)).toEqual(['refused', 'refused', 'refused', 'refused', 'refused', 'b'])
  })

  it('goes on behind a quote that nobody closes', () => {
    const filler = 'x'.repeat(300_000)
    const lines = [recordOf('ssh,a,"x'), filler, filler, filler, filler, recordOf('ssh,b,y,')]
    expect(decodeAll(lines).at(-1)).toBe('b')
    expect(decodeAll(['it says "so', '"no record', recordOf('ssh,b,y,')])).toEqual(['refused', 'refused', 'b'])
  })

  it('takes a huge record as it is', () => {
    expect(eventOf(recordOf(`ssh,root,"${'""'.repeat(200_000)}",`)).payload.password).toBe('"'.repeat(200_000))
  })

  it('skips everything where logins are not used', () => {
    expect(decodeLine(heraldingFormat, recordOf('ssh,a,b,'), ['command'])).toEqual({ kind: 'ignored' })
  })

  it('gives an id that depends on the login, and not on its password', () => {
    const idOf = (line: string) => eventOf(line).sourceId
    const line = recordOf('ssh,root,a,')
    expect(idOf(recordOf('ssh,root,b,'))).toBe(idOf(line))
    expect(idOf(recordOf('ssh,pi,a,'))).not.toBe(idOf(line))
    expect(idOf(recordOf('ssh,root,a,', '2026-05-20 12:00:00.123457'))).not.toBe(idOf(line))
  })

  it('never throws, and gives logins only', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('"', ',', '""', recordOf('ssh,a,b,'), HEADER, '\r'))
    fc.assert(
      fc.property(fc.array(fc.array(part).map((parts) => parts.join(''))), (lines) => {
        const decoder = heraldingFormat.createDecoder({ sourceKinds: null })
        for (const line of lines) {
          const bytes = Buffer.from(line)
          const decoded = decoder.decode(bytes, 0, bytes.length)
          if (decoded.kind === 'events')
            expect(decoded.events.map((event) => event.sourceKind)).toEqual(['auth_attempt'])
        }
      }),
    )
  })
})
