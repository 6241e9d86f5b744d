import { CANARY_EVENTS, NOTIFICATIONS } from '../../src/telemetry/canary/event-types.js'
import { COWRIE_EVENT_TYPES } from '../../src/telemetry/cowrie/event-types.js'
import { CONNECTION_TYPES } from '../../src/telemetry/dionaea/connection-types.js'
import { CANARY_LOG_TYPES } from '../../src/telemetry/opencanary/log-types.js'
import { SURICATA_EVENT_TYPES } from '../../src/telemetry/suricata/event-types.js'
import { ZEEK_LOGS } from '../../src/telemetry/zeek/log-paths.js'
import { feodoEntry } from './provider-answers.js'

/** What the suite that all log formats are held to knows of one of them. */
export interface FormatSamples {
  /** Lines as the program writes them, one of every type that gives events; by the names of the types. */
  readonly lines: Readonly<Record<string, string>>
  /** The types that the format's own table says are used. */
  readonly usedTypes: readonly string[]
  /** Lines of every type that the table leaves out; none where there is no table. */
  readonly leftOut?: readonly string[]
  /** Lines in which whatever a client may write is this text. */
  carrying(text: string): readonly string[]
  /** A line of a type by its name; null where the lines of the format have no types. */
  readonly ofType: ((name: string) => string) | null
}

const ADDRESS = '198.51.100.12'
const PORTS = { src_port: 40511, dest_port: 80 }

/** Names of the entries of a table that become events. */
function usedNames<Entry extends object>(entries: readonly Entry[], nameOf: (entry: Entry) => string): string[] {
  return entries.filter((entry) => !('ignoredBecause' in entry)).map(nameOf)
}

/** The other entries. */
function leftOutNames<Entry extends object>(entries: readonly Entry[], nameOf: (entry: Entry) => string): string[] {
  return entries.filter((entry) => 'ignoredBecause' in entry).map((entry) => nameOf(entry).replace('*', 'x'))
}

const linesOf = (fields: Readonly<Record<string, object>>, lineOf: (name: string, fields: object) => string) =>
  Object.fromEntries(Object.entries(fields).map(([name, more]) => [name, lineOf(name, more)]))

const cowrieLine = (eventid: string, fields: object) =>
  JSON.stringify({
    eventid,
    ...fields,
    message: 'said by Cowrie',
    sensor: 'decky-03',
    uuid: 'b11ec3a2-96bf-11f0-8000-000000000000',
    timestamp: '2026-11-20T11:51:37.418407Z',
    src_ip: ADDRESS,
    session: 'b11ec3a296bf',
    protocol: 'ssh',
  })

const cowrieFields = (text: string): Readonly<Record<string, object>> => ({
  'cowrie.command.input': { input: text },
  'cowrie.login.success': { username: text, password: text },
  'cowrie.login.failed': { username: text, password: text },
  'cowrie.session.file_download': { url: text, outfile: 'var/x', shasum: 'ab'.repeat(32), destfile: text },
  'cowrie.session.file_download.failed': { url: text, error: text },
  'cowrie.session.file_upload': { filename: text, outfile: 'var/x', shasum: 'ab'.repeat(32), destfile: text },
  'cowrie.direct-tcpip.request': { dst_ip: text, dst_port: 443, src_port: 40511 },
  'cowrie.direct-tcpip.data': { dst_ip: text, dst_port: 443, data: text },
  'cowrie.direct-tcpip.tunnel': { dst_ip: text, dst_port: 443, tunnel: 'decky-03:1' },
  'cowrie.direct-tcpip.redirect': { dst_ip: text, dst_port: 25, new_ip: '192.0.2.9', new_port: 2525 },
  'cowrie.tunnelproxy-tcpip.data': { dst_ip: text, dst_port: 443, data: text },
  'cowrie.telnet.exploit_attempt': { cve: 'CVE-2026-24061', name: 'USER', value: text },
  'cowrie.telnet.exploit_success': { cve: 'CVE-2026-24061', name: text, value: text },
  'cowrie.client.version': { version: text },
  'cowrie.client.kex': { hassh: 'ab'.repeat(16), hasshAlgorithms: text, kexAlgs: [text], keyAlgs: [text] },
  'cowrie.client.fingerprint': { username: text, fingerprint: text, key: text, type: 'ssh-rsa' },
  'cowrie.client.size': { width: 80, height: 24 },
  'cowrie.client.var': { name: text, value: text },
  'cowrie.direct-tcpip.ja4': { ja4: 't13d1516h2_8daaf6152771_b186095e22b6', dst_ip: text, dst_port: 443 },
  'cowrie.direct-tcpip.ja4h': { ja4h: 'ge11nn05enus_9ed1ff1f7b03_cd8dafe26982', dst_ip: text, dst_port: 80 },
  'cowrie.session.connect': { src_port: 40511, dst_ip: '192.0.2.9', dst_port: 2222 },
  'cowrie.session.closed': { duration_ms: 61_250 },
})

const canaryLine = (logtype: number | string, logdata: object) =>
  JSON.stringify({
    dst_host: '192.0.2.9',
    dst_port: 22,
    local_time: '2026-05-20 12:00:00.123450',
    local_time_adjusted: '2026-05-20 14:00:00.123460',
    logdata,
    logtype: Number(logtype),
    node_id: 'decky-05',
    src_host: ADDRESS,
    src_port: 40511,
    utc_time: '2026-05-20 12:00:00.123456',
  })

const canaryData = (text: string): Readonly<Record<number, object>> => ({
  2000: { USERNAME: text, PASSWORD: text },
  3000: { PATH: text, HOSTNAME: text, SKIN: 'nasLogin', USERAGENT: text },
  3001: { PATH: text, HOSTNAME: text, SKIN: 'nasLogin', USERAGENT: text, USERNAME: text, PASSWORD: text },
  3002: { PATH: text, REQUEST_TYPE: text, USERAGENT: text },
  3003: { PATH: text, REDIRECT: 'https://192.0.2.9/', USERAGENT: text },
  4000: { SESSION: '7' },
  4001: { LOCALVERSION: 'SSH-2.0-OpenSSH_9.2', REMOTEVERSION: text },
  4002: { LOCALVERSION: 'SSH-2.0-OpenSSH_9.2', REMOTEVERSION: text, USERNAME: text, PASSWORD: text },
  5000: { USER: text, REMOTEIP: ADDRESS, SHARENAME: text, AUDITACTION: text, STATUS: 'ok', MODE: 'r', FILENAME: text },
  5001: { PROTO: 'TCP', SYN: '', TTL: '52', WINDOW: '1024' },
  5002: { PROTO: 'TCP', URGP: '0' },
  5003: { PROTO: 'TCP' },
  5004: { PROTO: 'TCP' },
  5005: { PROTO: 'TCP', FIN: '' },
  6001: { USERNAME: text, PASSWORD: text },
  6002: {},
  7001: { USERNAME: text, PASSWORD: text },
  8001: { USERNAME: text, PASSWORD: text },
  9001: { UserName: text, Password: text, AppName: text, HostName: text, Language: '', Database: text },
  9002: { USERNAME: text, PASSWORD: '' },
  9003: {},
  10001: { FILENAME: text, OPCODE: text, MODE: 'octet' },
  11001: { 'NTP CMD': 'monlist' },
  12001: { 'VNC Client Response': 'ab', 'VNC Password': text, 'VNC Server Challenge': 'cd' },
  13001: { COMMUNITY_STRING: 'public', REQUESTS: [text], SNMP_VERSION: '1' },
  14001: { USERNAME: text },
  15001: { HEADERS: { 'user-agent': [text], from: [text], to: [text], cseq: ['1 OPTIONS'] } },
  16001: { HOST: text, REPO: text },
  17001: { CMD: 'set', ARGS: text },
  18001: { FUNCTION: 'CONNECTION_MADE' },
  18002: { FUNCTION: 'CONNECTION_MADE' },
  18003: { FUNCTION: 'DATA_RECEIVED', DATA: text, SECRET_STRING: text },
  18004: { FUNCTION: 'DATA_RECEIVED', DATA: text },
  18005: { FUNCTION: 'DATA_RECEIVED', DATA: text },
  19001: { query_name: 'decoy-1', response: text },
  20001: { action: 'mongodb.command', command: text, query: text },
})

const csvField = (text: string) => `"${text.replaceAll('"', '""').replaceAll(/[\r\n]/g, ' ')}"`
const heraldingLine = (text: string) =>
  `2026-05-20 12:00:00.123456,6a8f,d4c1,${ADDRESS},40511,192.0.2.9,22,ssh,${csvField(text)},${csvField(text)},`

const heraldingSession = (text: string, more: object = {}) =>
  JSON.stringify({
    timestamp: '2026-05-20 12:00:00.123456',
    duration: 3,
    session_id: 'd4c1',
    source_ip: ADDRESS,
    source_port: 40511,
    destination_ip: '192.0.2.9',
    destination_port: 22,
    protocol: 'ssh',
    num_auth_attempts: 1,
    auth_attempts: [{ timestamp: '2026-05-20 12:00:01.000001', username: text, password: text }],
    session_ended: true,
    auxiliary_data: { client_version: text },
    ...more,
  })

const dionaeaLine = (type: string, more: object) =>
  JSON.stringify({
    connection: { protocol: 'ftpd', transport: 'tcp', type },
    dst_ip: '192.0.2.9',
    dst_port: 21,
    src_hostname: '',
    src_ip: ADDRESS,
    src_port: 40511,
    timestamp: '2026-05-20T12:00:00.123456',
    ...more,
  })

const dionaeaFields = (text: string): Readonly<Record<string, object>> => ({
  accept: {
    src_hostname: text,
    credentials: [{ username: text, password: text }],
    ftp: {
      commands: [
        { command: 'RETR', arguments: [text] },
        { command: text, arguments: text },
      ],
    },
    p0f: { genre: 'Linux', detail: '2.6' },
  },
  reject: { connection: { protocol: 'pcap', transport: 'tcp', type: 'reject' } },
})

const suricataLine = (eventType: string, fields: object) =>
  JSON.stringify({
    timestamp: '2026-05-20T12:00:00.123456+0000',
    flow_id: 1258832998001901,
    in_iface: 'eth0',
    event_type: eventType,
    src_ip: ADDRESS,
    dest_ip: '192.0.2.9',
    proto: 'TCP',
    community_id: '1:abc=',
    ...PORTS,
    ...fields,
  })

const suricataFields = (text: string): Readonly<Record<string, object>> => ({
  alert: {
    app_proto: 'http',
    alert: {
      action: 'allowed',
      gid: 1,
      signature_id: 2100498,
      rev: 7,
      signature: 'EXPLOIT path traversal',
      category: 'Attempted Administrator Privilege Gain',
      severity: 1,
      metadata: { cve: ['CVE_2021_41773'], mitre_technique_id: ['T1190'] },
    },
    payload_printable: text,
    http: { url: text, hostname: text },
  },
  http: {
    http: {
      hostname: text,
      url: text,
      http_user_agent: text,
      http_refer: text,
      http_method: 'GET',
      protocol: 'HTTP/1.1',
      status: 404,
      length: 0,
      request_headers: [{ name: 'X-Api', value: text }],
    },
  },
  ssh: { ssh: { client: { proto_version: '2.0', software_version: text, hassh: { hash: 'ab'.repeat(16) } } } },
  tls: { tls: { sni: text, ja3: { hash: 'cd'.repeat(16) }, ja4: 't13d1516h2_8daaf6152771_b186095e22b6' } },
  ftp: { ftp: { command: 'STOR', command_data: text } },
  tftp: { tftp: { packet: 'read', file: text, mode: 'octet' } },
  sip: { sip: { method: 'OPTIONS', uri: text, version: 'SIP/2.0' } },
  snmp: { snmp: { version: 2, pdu_type: 'get_request', community: 'public', vars: [text] } },
  modbus: { modbus: { request: { transaction_id: 1, unit_id: 1, function_raw: 1, function_code: 'RdCoils' } } },
  mqtt: { mqtt: { subscribe: { topics: [{ topic: text, qos: 0 }] } } },
  smb: {
    smb: { command: 'SMB2_COMMAND_CREATE', filename: text, disposition: 'FILE_OPEN', share: '\\\\192.0.2.9\\docs' },
  },
  ldap: { ldap: { request: { operation: 'search_request', search_request: { base_object: text, scope: 'base' } } } },
  pgsql: { pgsql: { request: { simple_query: text } } },
  smtp: {
    smtp: { helo: text, mail_from: `<${text}>`, rcpt_to: [`<${text}>`] },
    email: { from: text, to: [text], subject: text, attachment: [text] },
  },
  fileinfo: {
    app_proto: 'http',
    fileinfo: { filename: text, magic: 'ELF 32-bit LSB executable', sha256: 'ef'.repeat(32), size: 7, state: 'CLOSED' },
  },
})

const zeekLine = (path: string, fields: object) =>
  JSON.stringify({
    _path: path,
    ts: 1779278400.123456,
    uid: 'CqKst53mF3det3eDV9',
    'id.orig_h': ADDRESS,
    'id.orig_p': 40511,
    'id.resp_h': '192.0.2.9',
    'id.resp_p': 22,
    ...fields,
  })

const zeekFields = (text: string): Readonly<Record<string, object>> => ({
  conn: { proto: 'tcp', service: 'ssh', duration: 2.5, conn_state: 'SF', orig_bytes: 7 },
  ssh: { version: 2, auth_success: true, auth_attempts: 2, client: text, server: 'SSH-2.0-x', hassh: 'ab'.repeat(16) },
  http: {
    trans_depth: 1,
    method: 'GET',
    host: text,
    uri: text,
    referrer: text,
    user_agent: text,
    origin: text,
    username: text,
    status_code: 404,
  },
  smtp: { trans_depth: 1, helo: text, mailfrom: text, rcptto: [text], subject: text, from: text },
  ftp: { user: text, command: 'STOR', arg: text, reply_code: 226 },
  mysql: { cmd: 'query', arg: text, success: true },
  sip: { method: 'OPTIONS', uri: text, user_agent: text, call_id: 'x' },
  snmp: { version: '2c', community: 'public', get_requests: 1 },
  modbus: { func: 'READ_COILS', pdu_type: 'REQ' },
  mqtt_subscribe: { action: 'MQTT::SUBSCRIBE', topics: [text] },
  mqtt_publish: { from_client: true, topic: text, payload: text },
  smb_mapping: { path: `\\\\192.0.2.9\\${text}`, share_type: 'DISK' },
  smb_files: { action: 'SMB::FILE_OPEN', path: '\\\\192.0.2.9\\docs', name: text },
  ldap_search: { scope: 'tree', base_object: text, filter: text },
  ntlm: { username: text, hostname: text, domainname: text, success: false },
  ssl: { version: 'TLSv13', server_name: text, ja3: 'cd'.repeat(16), ja4: 't13d1516h2_8daaf6152771_b186095e22b6' },
})

const canaryEventLine = (event: string, fields: object) =>
  JSON.stringify({ event, time: '2026-05-20T12:00:00Z', attacker_ip: ADDRESS, decky_id: 'files-01', ...fields })
const canaryEventFields = (text: string): Readonly<Record<string, object>> => ({
  'canary.triggered': { token_id: text, token_type: text, channel: text, user_agent: text },
  'canary.fingerprinted': { token_id: text, signals: { user_agent: text, platform: text, languages: [text] } },
})
const notificationLine = (fields: object) =>
  JSON.stringify({
    channel: 'HTTP',
    token_type: 'aws_keys',
    src_ip: ADDRESS,
    token: 'a1b2c3d4e5f6',
    time: '2026-05-20 12:00:00 (UTC)',
    memo: 'the key on the backup server',
    manage_url: 'https://canary.example.net/manage?token=a1b2c3d4e5f6&auth=0123456789abcdef',
    additional_data: {},
    ...fields,
  })
const canaryEventLines = (text: string) => ({
  ...linesOf(canaryEventFields(text), canaryEventLine),
  'canarytokens.alert': notificationLine({ additional_data: { useragent: text } }),
})

const mailoneyLine = (text: string) =>
  JSON.stringify({
    timestamp: '2026-05-20T12:00:00.000000Z',
    src_ip: ADDRESS,
    src_port: 40511,
    data: text,
    smtp_input: [],
  })

const dockerLine = (text: string) =>
  JSON.stringify({
    timestamp: '2026-05-20T12:00:00.123456',
    view_args: { catchall: text },
    url: `http://192.0.2.9:2375/v1.24/containers/json?${text}`,
    headers: [
      ['Host', '192.0.2.9:2375'],
      ['X-Api', text],
    ],
    method: 'POST',
    source: ADDRESS,
    data: text,
  })

const dshieldLine = (text: string) =>
  JSON.stringify({
    time: '2026-05-20T12:00:00.123456',
    headers: { host: text, 'user-agent': text, 'x-api': text },
    sip: ADDRESS,
    dip: '192.0.2.9',
    method: 'POST',
    url: `/a?${text}`,
    data: text,
    useragent: [text],
    version: 'HTTP/1.1',
    response_id: { status_code: 200 },
  })

/** As servers escape what clients send. */
const logged = (text: string) =>
  text.replaceAll(/["\\]|[^ -~]/gu, (found) =>
    [...Buffer.from(found)].map((byte) => `\\x${byte.toString(16).padStart(2, '0').toUpperCase()}`).join(''),
  )
const accessLine = (text: string) =>
  `${ADDRESS} - - [20/Nov/2026:11:51:37 +0000] "GET /a?${logged(text)} HTTP/1.1" 404 9 "${logged(text)}" "${logged(text)}"`

const mail = (text: string) => `Return-Path: <ann@example.org>
Received: from mail.example.org (mail.example.org [203.0.113.7])
 by mx.example.net (Postfix) with ESMTP id 4F1; Fri, 20 Nov 2026 13:51:37 +0200 (EET)
From: Ann <ann@example.org>
To: someone@example.net
Subject: ${text.replaceAll(/[\r\n]/g, ' ')}

${text}
`

const eventLine = (text: string, sourceKind = 'command') =>
  JSON.stringify({
    source_kind: sourceKind,
    observed_at: '2026-11-20T11:51:37.418407Z',
    source_ip: ADDRESS,
    session_id: 'b11ec3a296bf',
    payload: { command_text: text },
  })

const syslogLine = (message: string) => `<134>1 2026-05-20T12:00:00Z decky-05 log 12 - - ${message}`

const ENVELOPE = 'From ann@example.org Fri Nov 20 11:51:38 2026\n'

const HARMLESS = 'uname -a'

/** Samples by the name of the format. A format that has none here fails the suite: that is where to add them. */
export const FORMAT_SAMPLES: Readonly<Record<string, FormatSamples>> = {
  cowrie: {
    lines: linesOf(cowrieFields(HARMLESS), cowrieLine),
    usedTypes: usedNames(COWRIE_EVENT_TYPES, ({ eventType }) => eventType),
    leftOut: leftOutNames(COWRIE_EVENT_TYPES, ({ eventType }) => eventType).map((name) => cowrieLine(name, {})),
    carrying: (text) => Object.values(linesOf(cowrieFields(text), cowrieLine)),
    ofType: (name) => cowrieLine(name, {}),
  },
  opencanary: {
    lines: linesOf(canaryData(HARMLESS), canaryLine),
    usedTypes: usedNames(CANARY_LOG_TYPES, ({ code }) => String(code)),
    leftOut: leftOutNames(CANARY_LOG_TYPES, ({ code }) => String(code)).map((code) => canaryLine(code, {})),
    carrying: (text) => Object.values(linesOf(canaryData(text), canaryLine)),
    ofType: null,
  },
  heralding: {
    lines: { login: heraldingLine(HARMLESS) },
    usedTypes: ['login'],
    carrying: (text) => [heraldingLine(text)],
    ofType: null,
  },
  'heralding-json': {
    lines: { session: heraldingSession(HARMLESS) },
    usedTypes: ['session'],
    carrying: (text) => [heraldingSession(text)],
    ofType: null,
  },
  dionaea: {
    lines: linesOf(dionaeaFields(HARMLESS), dionaeaLine),
    usedTypes: usedNames(CONNECTION_TYPES, ({ name }) => name),
    leftOut: leftOutNames(CONNECTION_TYPES, ({ name }) => name).map((name) => dionaeaLine(name, {})),
    carrying: (text) => Object.values(linesOf(dionaeaFields(text), dionaeaLine)),
    ofType: (name) => dionaeaLine(name, {}),
  },
  suricata: {
    lines: linesOf(suricataFields(HARMLESS), suricataLine),
    usedTypes: usedNames(SURICATA_EVENT_TYPES, ({ name }) => name),
    leftOut: leftOutNames(SURICATA_EVENT_TYPES, ({ name }) => name).map((name) => suricataLine(name, {})),
    carrying: (text) => Object.values(linesOf(suricataFields(text), suricataLine)),
    ofType: (name) => suricataLine(name, {}),
  },
  zeek: {
    lines: linesOf(zeekFields(HARMLESS), zeekLine),
    usedTypes: usedNames(ZEEK_LOGS, ({ name }) => name),
    leftOut: leftOutNames(ZEEK_LOGS, ({ name }) => name).map((name) => zeekLine(name, {})),
    carrying: (text) => Object.values(linesOf(zeekFields(text), zeekLine)),
    ofType: (name) => zeekLine(name, {}),
  },
  canary: {
    lines: canaryEventLines(HARMLESS),
    usedTypes: usedNames([...CANARY_EVENTS, ...NOTIFICATIONS], ({ name }) => name),
    leftOut: [
      ...leftOutNames(CANARY_EVENTS, ({ name }) => name).map((name) => canaryEventLine(name, {})),
      notificationLine({ exposed_time: '2026-05-20' }),
    ],
    carrying: (text) => Object.values(canaryEventLines(text)),
    ofType: (name) => canaryEventLine(name, {}),
  },
  intel: {
    lines: { verdict: JSON.stringify(feodoEntry(ADDRESS)) },
    usedTypes: ['verdict'],
    carrying: (text) => [JSON.stringify(feodoEntry(ADDRESS, { as_name: text, hostname: text }))],
    ofType: null,
  },
  mailoney: {
    lines: { command: mailoneyLine('EHLO mx') },
    usedTypes: ['command'],
    carrying: (text) => [mailoneyLine(text), mailoneyLine(`VRFY ${text}`)],
    ofType: null,
  },
  'docker-api': {
    lines: { request: dockerLine(HARMLESS) },
    usedTypes: ['request'],
    carrying: (text) => [dockerLine(text)],
    ofType: null,
  },
  dshield: {
    lines: { request: dshieldLine(HARMLESS) },
    usedTypes: ['request'],
    carrying: (text) => [dshieldLine(text)],
    ofType: null,
  },
  combined: {
    lines: { request: accessLine(HARMLESS) },
    usedTypes: ['request'],
    carrying: (text) => [accessLine(text)],
    ofType: null,
  },
  eml: {
    lines: { mail: mail(HARMLESS) },
    usedTypes: ['mail'],
    carrying: (text) => [mail(text)],
    ofType: null,
  },
  mbox: {
    lines: { mail: `${ENVELOPE}${mail(HARMLESS)}` },
    usedTypes: ['mail'],
    carrying: (text) => [`${ENVELOPE}${mail(text)}`],
    ofType: null,
  },
  syslog: {
    lines: {
      cowrie: syslogLine(cowrieLine('cowrie.command.input', { input: HARMLESS })),
      opencanary: syslogLine(canaryLine(2000, { USERNAME: HARMLESS, PASSWORD: HARMLESS })),
      combined: `Nov 20 11:51:37 decky-05 nginx: ${accessLine(HARMLESS)}`,
    },
    usedTypes: ['cowrie', 'opencanary', 'combined'],
    carrying: (text) => [
      syslogLine(cowrieLine('cowrie.command.input', { input: text })),
      syslogLine(canaryLine(2000, { USERNAME: text, PASSWORD: text })),
      `Nov 20 11:51:37 decky-05 nginx: ${accessLine(text)}`,
    ],
    ofType: null,
  },
  events: {
    lines: { event: eventLine(HARMLESS) },
    usedTypes: ['event'],
    carrying: (text) => [eventLine(text)],
    ofType: null,
  },
}
