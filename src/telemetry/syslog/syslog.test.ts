import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLine, eventsOfLine } from '../../../test/support/decode-line.js'
import { findLogFormat, recogniseFormat } from '../formats.js'

const COWRIE = `{"eventid":"cowrie.command.input","input":"id","src_ip":"198.51.100.12","session":"s",\
"timestamp":"2026-05-20T12:00:00Z"}`
const ACCESS = '198.51.100.12 - - [20/May/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "curl"'
const HEADERS = [
  '<134>1 2026-05-20T12:00:00Z decky cowrie 12 - - ',
  '<134>1 - - - - - - \ufeff',
  '<134>1 2026-05-20T12:00:00Z decky cowrie 12 ID [a@1 x="]\\" [" y="é"][b] ',
  '<134>May 20 12:00:00 decky cowrie[12]: ',
  'May  2 12:00:00 decky cowrie: ',
]
const syslog = findLogFormat('syslog')
const decode = (line: string) => decodeLine(syslog, line)

describe('the decoder of syslog', () => {
  it.each(HEADERS)('reads the message behind %s as if it stood alone', (header) => {
    for (const [name, message] of [
      ['cowrie', COWRIE],
      ['combined', ACCESS],
    ] as const) {
      const ids = eventsOfLine(syslog, header + message).map(({ sourceId }) => sourceId)
      expect(ids).toEqual(eventsOfLine(findLogFormat(name), message).map(({ sourceId }) => sourceId))
      expect(recogniseFormat([header + message, header + COWRIE])?.format.name).toBe('syslog')
    }
  })

  it('counts columns from the begin of the line', () => {
    const header = '<134>1 2026-05-20T12:00:00Z déçky🏠 cowrie 12 - - '
    const torn = COWRIE.slice(0, 20)
    const column = [...header].length + 21
    expect(decode(header + torn)).toMatchObject({ kind: 'refused', problem: { code: 'invalid-json', column } })
    const bad = COWRIE.replace('"198.51.100.12"', '7')
    expect(decode(header + bad)).toMatchObject({ kind: 'refused', problem: { code: 'wrong-type', column: null } })
  })

  it('never takes what is quoted in a message for its format', () => {
    const typed = JSON.stringify({ ...JSON.parse(COWRIE), input: HEADERS[0] + ACCESS })
    expect(eventsOfLine(syslog, HEADERS[0] + typed)[0]?.sourceKind).toBe('command')
    expect(recogniseFormat([typed])?.format.name).toBe('cowrie')
    expect(decode(`${HEADERS[0]}Invalid user ${COWRIE}`).kind).toBe('unknown')
    expect(decode(`${HEADERS[0]}${HEADERS[0]}${COWRIE}`).kind).toBe('unknown')
  })

  it('never lets a message be an event that only a configured source may tell', () => {
    const event = '{"source_kind":"intel","attacker_uuid":"x","observed_at":"2026-11-20T11:51:37Z","payload":{}}'
    expect(decode(HEADERS[0] + event).kind).toBe('unknown')
  })

  it('reads a line the same whatever came before', () => {
    const decoder = syslog.createDecoder({ sourceKinds: null })
    const kindsOf = (message: string) => {
      const bytes = Buffer.from(HEADERS[0] + message)
      const decoded = decoder.decode(bytes, 0, bytes.length)
      return decoded.kind === 'events' ? decoded.events.map(({ sourceKind }) => sourceKind) : decoded.kind
    }
    const lines = [COWRIE, ACCESS, 'other', COWRIE]
    expect(lines.map(kindsOf)).toEqual([['command'], ['http_request'], 'unknown', ['command']])
  })

  it.each(['x', COWRIE, '<134>1 a b', '<134>1 a b c d e [open ', '<134>1 a b c d e [x="\\', '<134>2 a b c d e - x'])(
    'refuses %s',
    (line) => {
      expect(decode(line)).toMatchObject({ kind: 'refused', problem: { code: 'invalid-line', column: 1 } })
    },
  )

  it('bears what is huge or cut off, and never throws', () => {
    expect(decode(`<134>1 a b c d e ${'[x="\\"]"]'.repeat(100_000)} ${COWRIE}`).kind).toBe('events')
    expect(decode('<134>1 '.concat('x'.repeat(1_000_000))).kind).toBe('refused')
    const line = HEADERS[2] + COWRIE
    for (let length = 1; length < line.length; length++) expect(decode(line.slice(0, length)).kind).not.toBe('events')
    fc.assert(
      fc.property(fc.constantFrom(...HEADERS), fc.string({ unit: 'binary' }), (header, rest) => {
        expect(decode(header + rest).kind).not.toBe('events')
      }),
    )
  })
})
