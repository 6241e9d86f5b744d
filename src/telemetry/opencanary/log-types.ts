import type { KnownSourceKind } from '../../events/source-kinds.js'
import type { Outcome } from '../../events/tagger-event.js'
import * as payloads from './payloads.js'

/** One event that a line gives, unless the builder finds that the line does not tell it. */
export interface Observation {
  readonly sourceKind: KnownSourceKind
  readonly outcome: Outcome | null
  readonly payload: payloads.PayloadBuilder
}

/** A log type whose lines become events of ours. */
export interface UsedLogType {
  /** OpenCanary's `logtype`. */
  readonly code: number
  /** OpenCanary's name of it, without `LOG_`. */
  readonly name: string
  readonly meaning: string
  readonly observations: readonly Observation[]
  /** Whether lines of one pair of ports are one connection, and so one session. Single packets are none. */
  readonly isConnection: boolean
}

/** A log type that we know and leave out. */
export interface IgnoredLogType {
  readonly code: number
  readonly name: string
  readonly ignoredBecause: string
}

export type CanaryLogType = UsedLogType | IgnoredLogType

const { login, requestPayload, openedPayload, scanPayload } = payloads

const attempt = (payload: payloads.PayloadBuilder): Observation => ({
  sourceKind: 'auth_attempt',
  outcome: 'attempted',
  payload,
})
const operation = (payload: payloads.PayloadBuilder, outcome: Outcome = 'attempted'): Observation => ({
  sourceKind: 'service_op',
  outcome,
  payload,
})
const opened = (service: string): Observation => ({
  sourceKind: 'session',
  outcome: null,
  payload: openedPayload(service),
})
const request = (method: string | null): Observation => ({
  sourceKind: 'http_request',
  outcome: 'attempted',
  payload: requestPayload(method),
})

const connections: readonly Omit<UsedLogType, 'isConnection'>[] = [
  { code: 2000, name: 'FTP_LOGIN_ATTEMPT', meaning: 'An FTP login.', observations: [attempt(login('ftp'))] },
  { code: 3000, name: 'HTTP_GET', meaning: 'The login page was asked for.', observations: [request('GET')] },
  {
    code: 3001,
    name: 'HTTP_POST_LOGIN_ATTEMPT',
    meaning: 'The login form was sent: a request and a login.',
    observations: [request('POST'), attempt(login('http'))],
  },
  {
    code: 3002,
    name: 'HTTP_UNIMPLEMENTED_METHOD',
    meaning: 'A request with another method, `REQUEST_TYPE`.',
    observations: [request(null)],
  },
  {
    code: 3003,
    name: 'HTTP_REDIRECT',
    meaning: 'A request that was sent on to the login page.',
    observations: [request('GET')],
  },
  {
    code: 4000,
    name: 'SSH_NEW_CONNECTION',
    meaning: 'An SSH connection was opened.',
    observations: [opened('ssh')],
  },
  {
    code: 4001,
    name: 'SSH_REMOTE_VERSION_SENT',
    meaning: 'How the SSH client names itself.',
    observations: [{ sourceKind: 'fingerprint', outcome: null, payload: payloads.clientVersionPayload }],
  },
  {
    code: 4002,
    name: 'SSH_LOGIN_ATTEMPT',
    meaning: 'An SSH login with a password.',
    observations: [attempt(login('ssh'))],
  },
  {
    code: 5001,
    name: 'PORT_SYN',
    meaning: 'A TCP connection to any port was opened, or only begun, as a port scan does.',
    observations: [opened('tcp')],
  },
  { code: 6001, name: 'TELNET_LOGIN_ATTEMPT', meaning: 'A Telnet login.', observations: [attempt(login('telnet'))] },
  {
    code: 6002,
    name: 'TELNET_CONNECTION_MADE',
    meaning: 'A Telnet connection was opened.',
    observations: [opened('telnet')],
  },
  {
    code: 7001,
    name: 'HTTPPROXY_LOGIN_ATTEMPT',
    meaning: 'A login at the HTTP proxy.',
    observations: [attempt(login('http-proxy'))],
  },
  {
    code: 8001,
    name: 'MYSQL_LOGIN_ATTEMPT',
    meaning: "A MySQL login. The client's answer to a challenge is no password and is left out.",
    observations: [attempt(payloads.mysqlLogin)],
  },
  {
    code: 9001,
    name: 'MSSQL_LOGIN_SQLAUTH',
    meaning: 'An MSSQL login with an account of the database server.',
    observations: [attempt(payloads.mssqlLogin)],
  },
  {
    code: 9002,
    name: 'MSSQL_LOGIN_WINAUTH',
    meaning: 'An MSSQL login with a Windows account, whose name OpenCanary often does not know.',
    observations: [attempt(payloads.windowsLogin)],
  },
  {
    code: 9003,
    name: 'MYSQL_CONNECTION_MADE',
    meaning: 'A MySQL connection was opened.',
    observations: [opened('mysql')],
  },
  {
    code: 12001,
    name: 'VNC',
    meaning: 'A VNC login. OpenCanary knows the password where it is a common one.',
    observations: [attempt(payloads.vncLogin)],
  },
  {
    code: 14001,
    name: 'RDP',
    meaning: 'An RDP login, where the client names an account; else a connection.',
    observations: [
      attempt(payloads.rdpLogin),
      { sourceKind: 'session', outcome: null, payload: payloads.rdpConnection },
    ],
  },
  {
    code: 16001,
    name: 'GIT_CLONE_REQUEST',
    meaning: 'A repository was asked for.',
    observations: [operation(payloads.clonePayload)],
  },
  {
    code: 17001,
    name: 'REDIS_COMMAND',
    meaning: 'A Redis command: `AUTH` is a login, any other an operation.',
    observations: [attempt(payloads.redisLogin), operation(payloads.redisPayload)],
  },
  {
    code: 18001,
    name: 'TCP_BANNER_CONNECTION_MADE',
    meaning: 'A connection to a port with a banner was opened.',
    observations: [opened('tcp')],
  },
  {
    code: 18002,
    name: 'TCP_BANNER_KEEP_ALIVE_CONNECTION_MADE',
    meaning: 'As 18001, on a port that keeps connections alive.',
    observations: [opened('tcp')],
  },
  {
    code: 18003,
    name: 'TCP_BANNER_KEEP_ALIVE_SECRET_RECEIVED',
    meaning: 'Data with the word that the port waits for.',
    observations: [operation(payloads.receivedPayload)],
  },
  {
    code: 18004,
    name: 'TCP_BANNER_KEEP_ALIVE_DATA_RECEIVED',
    meaning: 'Data that came in on such a port.',
    observations: [operation(payloads.receivedPayload)],
  },
  {
    code: 18005,
    name: 'TCP_BANNER_DATA_RECEIVED',
    meaning: 'Data that came in on a port with a banner.',
    observations: [operation(payloads.receivedPayload)],
  },
  {
    code: 20001,
    name: 'MONGODB',
    meaning: 'A MongoDB connection, its end, a login or a command, as `action` says.',
    observations: [
      attempt(payloads.mongodbLogin),
      operation(payloads.mongodbPayload),
      { sourceKind: 'session', outcome: null, payload: payloads.mongodbSession },
    ],
  },
]

const packets: readonly Omit<UsedLogType, 'isConnection'>[] = [
  {
    code: 5000,
    name: 'SMB_FILE_OPEN',
    meaning: 'An operation on a file share, from the audit log of Samba.',
    observations: [operation(payloads.sharePayload, 'emulated')],
  },
  {
    code: 5002,
    name: 'PORT_NMAPOS',
    meaning: "A packet of nmap's search for the operating system.",
    observations: [operation(scanPayload('operating system'))],
  },
  {
    code: 5003,
    name: 'PORT_NMAPNULL',
    meaning: 'A packet of a NULL scan.',
    observations: [operation(scanPayload('null'))],
  },
  {
    code: 5004,
    name: 'PORT_NMAPXMAS',
    meaning: 'A packet of an Xmas scan.',
    observations: [operation(scanPayload('xmas'))],
  },
  {
    code: 5005,
    name: 'PORT_NMAPFIN',
    meaning: 'A packet of a FIN scan.',
    observations: [operation(scanPayload('fin'))],
  },
  {
    code: 10001,
    name: 'TFTP',
    meaning: 'A file was asked for, or offered, by TFTP.',
    observations: [operation(payloads.tftpPayload)],
  },
  {
    code: 11001,
    name: 'NTP_MONLIST',
    meaning: 'The list of clients was asked for by NTP.',
    observations: [operation(payloads.monlistPayload)],
  },
  {
    code: 13001,
    name: 'SNMP_CMD',
    meaning: 'An SNMP request; with a community string that is no default one, a login too.',
    observations: [operation(payloads.snmpPayload), attempt(payloads.snmpLogin)],
  },
  {
    code: 15001,
    name: 'SIP_REQUEST',
    meaning: 'A SIP request.',
    observations: [operation(payloads.sipPayload)],
  },
  {
    code: 19001,
    name: 'LLMNR_QUERY_RESPONSE',
    meaning: 'Somebody answered an LLMNR query for a name that does not exist.',
    observations: [operation(payloads.llmnrPayload)],
  },
]

const ignored: readonly IgnoredLogType[] = [
  { code: 1000, name: 'BASE_BOOT', ignoredBecause: 'tells that OpenCanary started' },
  { code: 1001, name: 'BASE_MSG', ignoredBecause: "OpenCanary's own message" },
  { code: 1002, name: 'BASE_DEBUG', ignoredBecause: "OpenCanary's own message" },
  { code: 1003, name: 'BASE_ERROR', ignoredBecause: "OpenCanary's own message" },
  { code: 1004, name: 'BASE_PING', ignoredBecause: "OpenCanary's sign of life" },
  { code: 1005, name: 'BASE_CONFIG_SAVE', ignoredBecause: 'tells that the configuration was saved' },
  { code: 1006, name: 'BASE_EXAMPLE', ignoredBecause: 'comes from the example of a module' },
  {
    code: 2001,
    name: 'FTP_AUTH_ATTEMPT_INITIATED',
    ignoredBecause: 'comes before the 2000 of the same login: would count twice',
  },
]

/** Every log type that OpenCanary up to 0.9 writes, and what becomes of it, by its code. */
export const CANARY_LOG_TYPES: readonly CanaryLogType[] = [
  ...connections.map((entry) => ({ ...entry, isConnection: true })),
  ...packets.map((entry) => ({ ...entry, isConnection: false })),
  ...ignored,
].sort((one, other) => one.code - other.code)

const byCode: ReadonlyMap<number, CanaryLogType> = new Map(CANARY_LOG_TYPES.map((entry) => [entry.code, entry]))

/** The entry for a `logtype`, or undefined if the table does not know it. */
export function findCanaryLogType(code: number): CanaryLogType | undefined {
  return byCode.get(code)
}
