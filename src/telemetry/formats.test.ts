import { describe, expect, it } from 'vitest'
import { captureLines } from '../../test/support/capture.js'
import { findLogFormat, logFormats, recogniseFormat } from './formats.js'

const cowrie =
  '{"eventid":"cowrie.session.connect","src_ip":"192.0.2.1","session":"s","timestamp":"2026-11-20T11:51:37Z"}'

const access = '192.0.2.1 - - [20/Nov/2026:11:51:37 +0000] "GET /%22eventid%22 HTTP/1.1" 404 9 "-" "curl/8.5.0"'

const opencanary = `{"dst_host":"192.0.2.9","dst_port":22,"local_time":"2026-05-20 12:00:00.123456","logdata":{"PASSWORD":"x",\
"USERNAME":"root"},"logtype":4002,"node_id":"decky-05","src_host":"198.51.100.12","src_port":40511}`

const heralding = '2026-05-20 12:00:00.123456,c3,d4,198.51.100.12,40511,192.0.2.9,22,ssh,root,"x,y",'

const session = `{"timestamp":"2026-05-20 12:00:00.123456","duration":3,"session_id":"d4","source_ip":"198.51.100.12",\
"destination_port":22,"protocol":"ssh","num_auth_attempts":0,"auth_attempts":[],"session_ended":true,"auxiliary_data":{}}`

const dionaea = `{"connection":{"protocol":"ftpd","transport":"tcp","type":"accept"},"dst_ip":"192.0.2.9","dst_port":21,\
"src_hostname":"","src_ip":"198.51.100.12","src_port":40511,"timestamp":"2026-05-20T12:00:00.123456"}`

const suricata = `{"timestamp":"2026-05-20T12:00:00.123456+0000","flow_id":1258832998001901,"event_type":"http",\
"src_ip":"198.51.100.12","src_port":40511,"dest_ip":"192.0.2.9","dest_port":80,"proto":"TCP","http":{"url":"/"}}`

const zeek = `{"ts":1779278400.123456,"uid":"CqKst53mF3det3eDV9","id.orig_h":"198.51.100.12","id.orig_p":40511,\
"id.resp_h":"192.0.2.9","id.resp_p":80,"proto":"tcp","service":"http","duration":1.5,"conn_state":"SF"}`

const dockerApi = `{"view_args":{},"url":"http://192.0.2.9:2375/_ping","headers":[["Host","192.0.2.9"]],"method":"GET",\
"source":"198.51.100.12","data":""}`

const dshield = `{"time":"2026-05-20T12:00:00.123456","headers":{"host":"192.0.2.9"},"sip":"198.51.100.12",\
"dip":"192.0.2.9","method":"GET","url":"/","data":null,"useragent":["curl"],"version":"HTTP/1.1"}`

const mailoney = `{"timestamp":"2026-05-20T12:00:00.000000Z","src_ip":"198.51.100.12","src_port":40511,"data":"EHLO a",\
"smtp_input":[]}`
const canary = `{"event":"canary.triggered","time":"2026-05-20T12:00:00Z","attacker_ip":"198.51.100.12",\
"token_id":"hr-salaries","token_type":"ms_word"}`

const syslog = `<134>1 2026-05-20T12:00:00Z decky-05 canary 12 - - ${opencanary}`

/** A line of each format that is recognised by itself. */
const SAMPLES = {
  cowrie,
  opencanary,
  heralding,
  'heralding-json': session,
  dionaea,
  suricata,
  zeek,
  'docker-api': dockerApi,
  dshield,
  mailoney,
  canary,
  combined: access,
  syslog,
}

describe('findLogFormat', () => {
  it('finds each format by its name', () => {
    for (const format of logFormats) expect(findLogFormat(format.name)).toBe(format)
  })

  it('lists the names that there are where one is unknown', () => {
    expect(() => findLogFormat('cowry')).toThrow(
      'unknown log format "cowry"; known formats: cowrie, opencanary, heralding, heralding-json, dionaea, suricata, zeek, docker-api, dshield, mailoney, canary, combined, eml, mbox, syslog, events',
    )
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

  it('recognises a mail by the headers that it begins with, folded ones too', () => {
    const mail = [
      'From x@example.net Fri Nov 20 11:51:37 2026',
      'Received: from a',
      '\tby b',
      'Subject: x',
      'Hello: you',
    ]
    expect(recogniseFormat(mail)?.format.name).toBe('mbox')
    expect(recogniseFormat(['From me', ...mail.slice(1)])?.format.name).toBe('eml')
    expect(recogniseFormat(mail.slice(1))?.format.name).toBe('eml')
    expect(recogniseFormat(['Hello', ...mail])).toBeNull()
    expect(recogniseFormat(['Subject: minutes', 'We met.', 'From: me'])).toBeNull()
  })

  it('is not misled by the words of one format inside another', () => {
    const quoted = access.replaceAll('%22', '\\"').replace('curl', '\\"cowrie.x\\"')
    expect(recogniseFormat([quoted])?.format.name).toBe('combined')
    const typed = JSON.stringify({ ...JSON.parse(cowrie), input: access })
    expect(recogniseFormat([typed])?.format.name).toBe('cowrie')
    expect(recogniseFormat([JSON.stringify({ message: access })])).toBeNull()
  })

  it.each(Object.entries(SAMPLES))('recognises %s, and no other format in it', (name, line) => {
    expect(recogniseFormat([line, line.slice(0, 30), line])?.format.name).toBe(name)
    const others = logFormats.filter((format) => format.name !== name)
    expect(others.map((format) => [format.name, format.recognise([line, line])])).toEqual(
      others.map((format) => [format.name, 0]),
    )
  })

  it('has a line of each format that is recognised', () => {
    const ofLines = logFormats.filter(
      ({ privileged, readsWholeSource, records }) => !privileged && !readsWholeSource && records === undefined,
    )
    expect(Object.keys(SAMPLES)).toEqual(ofLines.map(({ name }) => name))
  })

  it('takes a real log of Cowrie for nothing else', () => {
    const lines = captureLines().slice(0, 2000)
    const sure = logFormats.filter((format) => format.recognise(lines) > 0).map(({ name }) => name)
    expect(sure).toEqual(['cowrie'])
  })

  it('is not misled by a line of one format that was typed into another', () => {
    for (const typed of Object.values(SAMPLES)) {
      const command = JSON.stringify({ ...JSON.parse(cowrie), eventid: 'cowrie.command.input', input: typed })
      expect(recogniseFormat([command])?.format.name).toBe('cowrie')
      const login = JSON.parse(opencanary)
      const canary = JSON.stringify({ ...login, logdata: { USERNAME: typed, PASSWORD: typed } })
      expect(recogniseFormat([canary])?.format.name).toBe('opencanary')
    }
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
