import type { JsonLine } from '../json/json-line.js'
import type { LineType } from '../json/typed-json-decoder.js'
import { operationObservation } from '../operations/operation-observation.js'
import * as payloads from './payloads.js'
import * as services from './service-operations.js'

const HOUSE_KEEPING = "Zeek's own messages and counters"
const PROTOCOL = 'a protocol of which no rule says anything'
const INVENTORY = 'what Zeek knows of the hosts of the network'

const ignore = (ignoredBecause: string, ...names: readonly string[]): readonly LineType[] =>
  names.map((name) => ({ name, ignoredBecause }))

/** Logs that Zeek writes, by their `_path`, and what becomes of their lines. */
export const ZEEK_LOGS: readonly LineType[] = [
  {
    name: 'conn',
    meaning: 'A connection: a session that was opened, and closed where its duration is told.',
    observations: [
      { sourceKind: 'session', outcome: null, payloads: payloads.openedPayloads },
      {
        sourceKind: 'session',
        outcome: null,
        payloads: payloads.closedPayloads,
        delaySeconds: (line) => payloads.durationOf(line) ?? 0,
      },
    ],
  },
  {
    name: 'ssh',
    meaning: "An SSH connection: the client's own name and its HASSH, and a login for each that was counted.",
    observations: [
      { sourceKind: 'fingerprint', outcome: null, payloads: payloads.sshFingerprints },
      { sourceKind: 'auth_attempt', outcome: 'attempted', payloads: payloads.loginPayloads },
    ],
  },
  {
    name: 'http',
    meaning: 'A request and the status of its answer.',
    observations: [{ sourceKind: 'http_request', outcome: 'attempted', payloads: payloads.requestPayloads }],
  },
  {
    name: 'smtp',
    meaning: "A mail that was handed over: the client's name, the sender's domain, the number of recipients.",
    observations: [{ sourceKind: 'service_op', outcome: 'attempted', payloads: payloads.mailPayloads }],
  },
  {
    name: 'ssl',
    meaning: 'JA3 and JA4 of the TLS client, where packages compute them.',
    observations: [{ sourceKind: 'fingerprint', outcome: null, payloads: payloads.tlsFingerprints }],
  },
  {
    name: 'ftp',
    meaning: 'A command that lists or transfers files, with its argument.',
    observations: [operationObservation(services.ftpOperations)],
  },
  {
    name: 'mysql',
    meaning: 'A command, with the text of a query.',
    observations: [operationObservation(services.mysqlOperations)],
  },
  {
    name: 'sip',
    meaning: 'A request: its method, client and target.',
    observations: [operationObservation(services.sipOperations)],
  },
  {
    name: 'snmp',
    meaning: 'A session: its community string, where that is a default one.',
    observations: [operationObservation(services.snmpOperations)],
  },
  {
    name: 'modbus',
    meaning: 'A function that was asked for.',
    observations: [operationObservation(services.modbusOperations)],
  },
  {
    name: 'mqtt_subscribe',
    meaning: 'Topics that a client subscribed to.',
    observations: [operationObservation(services.subscribeOperations)],
  },
  {
    name: 'mqtt_publish',
    meaning: 'The topic of a message that a client published.',
    observations: [operationObservation(services.publishOperations)],
  },
  {
    name: 'smb_mapping',
    meaning: 'A share that a client connected to: `connect`.',
    observations: [operationObservation(services.mappingOperations)],
  },
  {
    name: 'smb_files',
    meaning: 'A file of a share that was opened, read, written, renamed or removed.',
    observations: [operationObservation(services.fileOperations)],
  },
  {
    name: 'ldap_search',
    meaning: 'A search: its scope, base and filter.',
    observations: [operationObservation(services.searchOperations)],
  },
  {
    name: 'ntlm',
    meaning: 'A login by NTLM, where it is told whether it was let in.',
    observations: [{ sourceKind: 'auth_attempt', outcome: 'attempted', payloads: services.ntlmLogins }],
  },
  ...ignore('name look-ups, most of them by the decoy itself', 'dns'),
  ...ignore(
    'what Zeek or its scripts think of something that another log tells',
    'notice',
    'weird',
    'dpd',
    'signatures',
  ),
  ...ignore('does not say whether client or server sent the file', 'files', 'pe'),
  ...ignore('certificates of servers', 'x509', 'ocsp'),
  ...ignore(INVENTORY, 'known_hosts', 'known_services', 'known_certs', 'software', 'dhcp', 'ntp', 'tunnel'),
  ...ignore(
    PROTOCOL,
    ...['dce_rpc', 'kerberos', 'ldap', 'mqtt_connect', 'quic', 'radius'],
    ...['rdp', 'rfb', 'smb_cmd', 'socks', 'syslog', 'irc', 'dnp3'],
  ),
  ...ignore(
    HOUSE_KEEPING,
    ...['stats', 'capture_loss', 'loaded_scripts', 'packet_filter', 'reporter', 'telemetry', 'analyzer', 'broker'],
    ...['cluster', 'config', 'prof', 'print'],
  ),
]

/** Fields that tell a log where the lines do not name it. The first that has one of its fields counts. */
const TELLING_FIELDS: readonly (readonly [path: string, fields: readonly string[]])[] = [
  ['conn', ['conn_state']],
  ['ssh', ['auth_attempts', 'auth_success', 'kex_alg']],
  ['sip', ['call_id', 'request_from']],
  ['http', ['request_body_len', 'method', 'uri']],
  ['smtp', ['helo', 'mailfrom', 'last_reply', 'is_webmail']],
  ['ssl', ['cipher', 'ja3', 'ja4', 'ssl_history']],
  ['ftp', ['reply_code', 'reply_msg', 'cwd']],
  ['mysql', ['cmd']],
  ['snmp', ['community', 'get_requests', 'get_bulk_requests']],
  ['modbus', ['func']],
  ['mqtt_subscribe', ['topics', 'qos_levels']],
  ['mqtt_publish', ['from_client', 'retain']],
  ['smb_mapping', ['share_type', 'native_file_system']],
  ['smb_files', ['action', 'prev_name']],
  ['ldap_search', ['base_object', 'deref_aliases']],
  ['ntlm', ['domainname', 'server_nb_computer_name']],
]

/** The log that a line is of, by its `_path`, else by its fields; null where neither tells. */
export function logPathOf(line: JsonLine): string | null {
  const path = line.value('_path')
  if (typeof path === 'string' && path !== '') return path
  return TELLING_FIELDS.find(([, fields]) => fields.some((field) => line.has(field)))?.[0] ?? null
}
