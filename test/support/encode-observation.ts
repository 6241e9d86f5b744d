import type { Payload } from '../../src/events/tagger-event.js'
import { cowrieLine } from './cowrie-line.js'

/**
 * The line of a log that tells an observation, as some program writes it; null where no program whose logs are read would
 * tell it. The opposite of what the decoders do, written apart from them.
 */
export function encodeObservation(sourceKind: string, payload: Payload): string | null {
  return ENCODERS[sourceKind]?.(payload) ?? null
}

type Encoder = (payload: Payload) => string | null

const ENCODERS: Readonly<Record<string, Encoder>> = {
  command: ({ command_text: input, service: protocol = 'ssh' }) => cowrieLine({ input, protocol }),
  http_request: requestLine,
  payload: fileLine,
  service_op: operationLine,
  email: mailText,
  canary: (payload) => canaryEventLine('canary.triggered', payload),
  canary_fingerprint: (payload) => canaryEventLine('canary.fingerprinted', payload),
}

const TIME = '2026-11-20T08:25:04.595003Z'
const RECEIVED = 'Received: from x (x [198.51.100.20]) by mx.example.net; Fri, 20 Nov 2026 08:25:04 +0000\n'

function canaryEventLine(event: string, payload: Payload): string {
  return JSON.stringify({ event, time: TIME, attacker_ip: '198.51.100.20', ...payload })
}

/** A line of the web honeypot of DShield, which tells headers, body and status. */
function requestLine({
  method = 'GET',
  path = '',
  query,
  raw_url,
  headers,
  host,
  user_agent,
  body,
  status,
}: Payload): string {
  return JSON.stringify({
    time: TIME,
    headers: {
      ...(host !== undefined && { host }),
      ...(user_agent !== undefined && { 'user-agent': user_agent }),
      ...(headers as object | undefined),
    },
    sip: '198.51.100.20',
    dip: '192.0.2.9',
    method,
    url: raw_url ?? (query === undefined ? path : `${path}?${query}`),
    data: body ?? null,
    useragent: [],
    version: 'HTTP/1.1',
    response_id: { status_code: status ?? 200 },
  })
}

function fileLine({ direction, url, filename, success, sha256 }: Payload): string {
  const way = direction === 'upload' ? 'file_upload' : 'file_download'
  const eventid = `cowrie.session.${way}${success === false ? '.failed' : ''}`
  return cowrieLine({ eventid, input: undefined, url, filename, shasum: sha256 })
}

function operationLine(payload: Payload): string | null {
  const { service, operation } = payload
  if (operation === 'alert') return alertLine(payload)
  if (service === 'ssh' || service === 'telnet') return cowrieOperation(payload)
  if (service === 'ftp') return ftpLine(payload)
  if (service === 'smtp') return mailCommandLine(payload)
  const seen = typeof service === 'string' ? NETWORK_OPERATIONS[service.toLowerCase()]?.(payload) : undefined
  if (seen != null) return zeekLine(...seen)
  const canary = typeof service === 'string' ? CANARY_OPERATIONS[service]?.(payload) : undefined
  return canary == null ? null : canaryLine(...canary, payload.destination_port)
}

function cowrieOperation({ service, operation, argument, cve, destination_host, destination_port }: Payload): string {
  if (service === 'telnet') {
    const [name, value] = String(argument ?? '').split('=')
    const variable = argument === undefined ? {} : { name, value }
    return cowrieLine({ eventid: `cowrie.telnet.${operation}`, protocol: 'telnet', input: undefined, cve, ...variable })
  }
  const what = String(operation).replace(/^direct-tcpip-?/, '') || 'request'
  return cowrieLine({
    eventid: `cowrie.direct-tcpip.${what}`,
    input: undefined,
    dst_ip: destination_host ?? '203.0.113.9',
    dst_port: destination_port,
    data: argument,
  })
}

function ftpLine({ operation, argument }: Payload): string {
  return JSON.stringify({
    connection: { protocol: 'ftpd', transport: 'tcp', type: 'accept' },
    src_ip: '198.51.100.20',
    src_port: 40511,
    dst_ip: '192.0.2.9',
    dst_port: 21,
    timestamp: '2026-11-20T08:25:04.595003',
    ftp: { commands: [{ command: operation, arguments: argument === undefined ? [] : [argument] }] },
  })
}

function alertLine({ service, argument, cve, severity, techniques }: Payload): string {
  const metadata = {
    ...(cve !== undefined && { cve: [String(cve).replaceAll('-', '_')] }),
    ...(techniques !== undefined && { mitre_technique_id: techniques }),
  }
  return JSON.stringify({
    timestamp: '2026-11-20T08:25:04.595003+0000',
    flow_id: 1258832998001901,
    event_type: 'alert',
    src_ip: '198.51.100.20',
    src_port: 40511,
    dest_ip: '192.0.2.9',
    dest_port: 80,
    proto: 'TCP',
    app_proto: service,
    alert: { signature: argument ?? 'a signature', severity, metadata },
  })
}

function mailCommandLine({ operation, argument = '' }: Payload): string {
  const verb = String(operation) === 'helo' ? 'EHLO' : String(operation).toUpperCase()
  return JSON.stringify({
    timestamp: TIME,
    src_ip: '198.51.100.20',
    src_port: 40511,
    data: `${verb} ${argument}`.trim(),
    smtp_input: [],
  })
}

type ZeekLog = readonly [path: string, fields: object]

const query = ({ operation, argument }: Payload): ZeekLog => ['mysql', { cmd: operation, arg: argument }]

/** How Zeek tells operations that no decoy of ours logs; null for those that it does not tell. */
const NETWORK_OPERATIONS: Readonly<Record<string, (payload: Payload) => ZeekLog | null>> = {
  mqtt: ({ operation, argument }) =>
    /^subscribe$/i.test(String(operation))
      ? ['mqtt_subscribe', { action: 'MQTT::SUBSCRIBE', topics: String(argument ?? '').split(' ') }]
      : ['mqtt_publish', { from_client: true, topic: argument }],
  modbus: ({ operation }) => ['modbus', { func: String(operation).toUpperCase(), pdu_type: 'REQ' }],
  ldap: ({ operation, argument }) => (operation === 'search' ? ['ldap_search', { filter: argument }] : null),
  smb: ({ operation, argument = '' }) =>
    /^write$/i.test(String(operation))
      ? ['smb_files', { action: 'SMB::FILE_WRITE', path: '', name: String(argument).replaceAll('/', '\\') }]
      : null,
  mysql: query,
  // Zeek tells the queries of one kind of server, and rules look at the words of them all.
  postgresql: query,
  mssql: query,
}

function zeekLine(path: string, fields: object): string {
  return JSON.stringify({
    _path: path,
    ts: TIME,
    uid: 'CqKst53mF3det3eDV9',
    'id.orig_h': '198.51.100.20',
    'id.orig_p': 40511,
    'id.resp_h': '192.0.2.9',
    'id.resp_p': 445,
    ...fields,
  })
}

type CanaryData = readonly [logtype: number, logdata: object]

/** How OpenCanary tells operations of its services; null for those that it does not tell. */
const CANARY_OPERATIONS: Readonly<Record<string, (payload: Payload) => CanaryData | null>> = {
  redis: ({ operation, argument }) => [17001, { CMD: operation, ARGS: argument ?? '' }],
  smb: ({ operation, argument = '' }) => {
    if (operation === 'call') return null
    const [share, ...path] = String(argument).split('/')
    return [5000, { AUDITACTION: operation, SHARENAME: share, FILENAME: path.join('/') }]
  },
  tftp: ({ operation, argument }) => [10001, { OPCODE: operation, FILENAME: argument }],
  ntp: ({ operation }) => [11001, { 'NTP CMD': operation }],
  snmp: ({ argument = '' }) => {
    const words = String(argument).split(' ')
    const isOpen = /^(?:public|private)$/.test(words[0]!)
    return [13001, { COMMUNITY_STRING: isOpen ? words[0] : 'public', REQUESTS: isOpen ? words.slice(1) : words }]
  },
  sip: ({ operation, argument }) => [
    15001,
    { HEADERS: { cseq: [`1 ${operation}`], ...(argument !== undefined && { 'user-agent': [argument] }) } },
  ],
  git: ({ operation, argument }) => (operation === 'clone' ? [16001, { HOST: 'git', REPO: argument }] : null),
  llmnr: ({ operation, argument }) => (operation === 'response' ? [19001, { response: argument }] : null),
  mongodb: ({ operation, argument }) => [
    20001,
    { action: 'mongodb.command', command: operation, query: argument ?? '' },
  ],
  tcp: ({ operation, argument }) => {
    if (operation === 'data') return [18005, { DATA: argument }]
    const codes: Readonly<Record<string, number>> = { 'operating system': 5002, null: 5003, xmas: 5004, fin: 5005 }
    const code = codes[String(argument)]
    return code === undefined ? null : [code, {}]
  },
}

function canaryLine(logtype: number, logdata: object, port: unknown = 6379): string {
  return JSON.stringify({
    dst_host: '192.0.2.9',
    dst_port: port,
    local_time: '2026-11-20 08:25:04.595003',
    local_time_adjusted: '2026-11-20 09:25:04.595003',
    logdata,
    logtype,
    node_id: 'decky-01',
    src_host: '198.51.100.20',
    src_port: 40511,
    utc_time: '2026-11-20 08:25:04.595003',
  })
}

/** A mail as the server stored that took it; the envelope's recipients are in no such file. */
function mailText({ raw, mail_from }: Payload): string | null {
  if (typeof raw !== 'string') return null
  return (mail_from === undefined ? '' : `Return-Path: <${mail_from}>\n`) + RECEIVED + raw
}
