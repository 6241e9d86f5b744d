import { describe, expect, it } from 'vitest'
import { findLogFormat, logFormats, recogniseFormat } from './formats.js'

const cowrie =
  '{"eventid":"cowrie.session.connect","src_ip":"192.0.2.1","session":"s","timestamp":"2026-11-20T11:51:37Z"}'

const access = '192.0.2.1 - - [20/Nov/2026:11:51:37 +0000] "GET /%22eventid%22 HTTP/1.1" 404 9 "-" "curl/8.5.0"'

describe('findLogFormat', () => {
  it('finds each format by its name', () => {
    for (const format of logFormats) expect(findLogFormat(format.name)).toBe(format)
  })

  it('lists the names that there are where one is unknown', () => {
    expect(() => findLogFormat('cowry')).toThrow('unknown log format "cowry"; known formats: cowrie, combined, events')
  })
})

describe('recogniseFormat', () => {
  it('recognises Cowrie, with a truncated or blank line among the rest', () => {
    expect(recogniseFormat([cowrie, '', cowrie, cowrie.slice(0, 40), cowrie])).toMatchObject({
      format: { name: 'cowrie' },
      confidence: 0.75,
    })
  })

  it('recognises Cowrie in another shape, so that the decoder can say what is wrong', () => {
    expect(recogniseFormat([`[${cowrie},${cowrie}]`])?.format.name).toBe('cowrie')
    expect(recogniseFormat(['{', '  "eventid": "cowrie.session.connect",'])?.format.name).toBe('cowrie')
  })

  it('recognises access logs, with a torn line among the rest', () => {
    expect(recogniseFormat([access.slice(30), access, access, access])).toMatchObject({
      format: { name: 'combined' },
      confidence: 0.75,
    })
    expect(recogniseFormat([access.slice(0, access.indexOf(' "-"'))])?.format.name).toBe('combined')
  })

  it('is not misled by the words of one format inside another', () => {
    const quoted = access.replaceAll('%22', '\\"').replace('curl', '\\"cowrie.x\\"')
    expect(recogniseFormat([quoted])?.format.name).toBe('combined')
    const typed = JSON.stringify({ ...JSON.parse(cowrie), input: access })
    expect(recogniseFormat([typed])?.format.name).toBe('cowrie')
    expect(recogniseFormat([JSON.stringify({ message: access })])).toBeNull()
  })

  it('never recognises a privileged format by itself', () => {
    const event = '{"source_kind":"intel","attacker_uuid":"x","observed_at":"2026-11-20T11:51:37Z","payload":{}}'
    expect(recogniseFormat([event])).toBeNull()
    expect(findLogFormat('events').privileged).toBe(true)
  })

  it.each([[[]], [['', ' ']], [['plain text']], [['{"eventid":"other.thing"}']], [['null', '1', '[]']]])(
    'recognises nothing in %j',
    (lines) => {
      expect(recogniseFormat(lines)).toBeNull()
    },
  )
})
