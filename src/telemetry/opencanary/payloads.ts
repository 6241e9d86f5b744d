import type { ProducedFields } from '../../events/producer.js'
import type { Payload } from '../../events/tagger-event.js'
import { dropAbsent } from '../drop-absent.js'
import type { JsonFields } from '../json/json-fields.js'
import { serviceOperation } from '../operations/service-operation.js'
import { isDefaultCommunity, snmpOperation } from '../operations/snmp-operation.js'
import type { CanaryLine } from './canary-line.js'

/** Builds an event's payload from a line; null if the line does not tell such an event. */
export type PayloadBuilder = (line: CanaryLine) => Payload | null

/** Every field that some builder below gives, by the source kind that it is for. */
export const CANARY_FIELDS = {
  http_request: ['method', 'path', 'raw_url', 'host', 'headers.user-agent', 'user_agent'],
  auth_attempt: ['service', 'success', 'method', 'username', 'password', 'tool'],
  session: ['phase', 'service', 'destination_port'],
  fingerprint: ['metric', 'value', 'service'],
  service_op: ['service', 'operation', 'argument', 'destination_port'],
} as const satisfies ProducedFields

/** What OpenCanary writes where it does not know a value. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  '<not supplied>',
  '<Password was not in the common list>',
  'Invalid auth-token submitted',
])
/** Operations of MongoDB whose text holds what a login is made with. */
const MONGODB_LOGIN = /saslstart|saslcontinue|authenticate/i
/** What MySQL clients answer to a challenge: 20 bytes that differ from one login to the next. */
const MYSQL_ANSWER = /^[\da-f]{40}$/i
const REDIS_PASSWORD_SETTING = /^(\s*set\s+(?:requirepass|masterauth|masteruser))\b.*/is

interface Credentials {
  readonly service: string
  readonly username: string | undefined
  readonly password?: string | undefined
  readonly tool?: string | undefined
}

/** OpenCanary lets nobody in. */
function loginPayload({ service, username, password, tool }: Credentials): Payload {
  return dropAbsent({ service, success: false, method: 'password', username, password, tool })
}

/** The text, unless it only says that there was none. */
function known(data: JsonFields, name: string): string | undefined {
  const value = data.text(name)
  return value === undefined || PLACEHOLDERS.has(value) ? undefined : value
}

/** A login whose line has a user name, a password and the client's own name in the fields that most services use. */
export const login = (service: string): PayloadBuilder => {
  return ({ data }) =>
    loginPayload({
      service,
      username: known(data, 'USERNAME'),
      password: known(data, 'PASSWORD'),
      tool: known(data, service === 'ssh' ? 'REMOTEVERSION' : 'USERAGENT'),
    })
}

/** No password at all is an empty one. */
export function mysqlLogin({ data }: CanaryLine): Payload {
  const password = known(data, 'PASSWORD') ?? ''
  return loginPayload({
    service: 'mysql',
    username: known(data, 'USERNAME'),
    password: MYSQL_ANSWER.test(password) ? undefined : password,
  })
}

export function mssqlLogin({ data }: CanaryLine): Payload {
  return loginPayload({
    service: 'mssql',
    username: data.text('UserName') ?? data.text('USERNAME'),
    password: data.text('Password') ?? data.text('PASSWORD'),
    tool: data.filledText('AppName'),
  })
}

/** Windows clients send no password, and OpenCanary leaves the names empty that it did not read. */
export function windowsLogin({ data }: CanaryLine): Payload {
  return loginPayload({ service: 'mssql', username: data.filledText('USERNAME') })
}

export function vncLogin({ data }: CanaryLine): Payload {
  return loginPayload({ service: 'vnc', username: undefined, password: known(data, 'VNC Password') })
}

export function rdpLogin({ data }: CanaryLine): Payload | null {
  const username = data.filledText('USERNAME')
  return username === undefined ? null : loginPayload({ service: 'rdp', username })
}

export function rdpConnection(line: CanaryLine): Payload | null {
  return line.data.filledText('USERNAME') === undefined ? openedPayload('rdp')(line) : null
}

export const openedPayload = (service: string): PayloadBuilder => {
  return ({ destinationPort }) => dropAbsent({ phase: 'opened', service, destination_port: destinationPort })
}

/** OpenCanary logs neither query nor body of a request; `method` is null where the line names it. */
export const requestPayload = (method: string | null): PayloadBuilder => {
  return ({ data }) => {
    const path = data.filledText('PATH')
    const userAgent = known(data, 'USERAGENT')
    return dropAbsent({
      method: method ?? data.filledText('REQUEST_TYPE'),
      path,
      raw_url: path,
      host: data.filledText('HOSTNAME'),
      headers: userAgent === undefined ? undefined : { 'user-agent': userAgent },
      user_agent: userAgent,
    })
  }
}

export function clientVersionPayload({ data }: CanaryLine): Payload {
  return dropAbsent({ metric: 'client_version', value: data.filledText('REMOTEVERSION'), service: 'ssh' })
}

/** The argument is the share and the path in it, with slashes. */
export function sharePayload({ data }: CanaryLine): Payload {
  const place = [data.filledText('SHARENAME'), data.filledText('FILENAME')].filter((part) => part !== undefined)
  return serviceOperation('smb', data.filledText('AUDITACTION') ?? 'open', place.join('/'))
}

export const scanPayload = (technique: string): PayloadBuilder => {
  return ({ destinationPort }) =>
    dropAbsent({ ...serviceOperation('tcp', 'port_scan', technique), destination_port: destinationPort })
}

/** `read` or `write`, and the name of the file. */
export function tftpPayload({ data }: CanaryLine): Payload {
  return serviceOperation('tftp', data.filledText('OPCODE') ?? 'request', data.filledText('FILENAME'))
}

export function monlistPayload({ data }: CanaryLine): Payload {
  return serviceOperation('ntp', data.filledText('NTP CMD') ?? 'monlist', undefined)
}

/** The argument is the community string, where it is a default one, and the object identifiers that were asked for. */
export function snmpPayload({ data }: CanaryLine): Payload {
  return snmpOperation(data.filledText('COMMUNITY_STRING'), data.texts('REQUESTS'))
}

export function snmpLogin({ data }: CanaryLine): Payload | null {
  const community = data.filledText('COMMUNITY_STRING')
  if (community === undefined || isDefaultCommunity(community)) return null
  return loginPayload({ service: 'snmp', username: undefined, password: community })
}

/** OpenCanary does not log a request's first line, but its sequence number names the method too. */
export function sipPayload({ data }: CanaryLine): Payload | null {
  if (!data.has('HEADERS')) return null
  const headers = data.fields('HEADERS')
  const method = /^\s*\d+\s+([A-Za-z]{1,32})\s*$/.exec(headers.texts('cseq')[0] ?? '')?.[1] ?? 'request'
  const told = [...headers.texts('user-agent'), ...headers.texts('from'), ...headers.texts('to')]
  return serviceOperation('sip', method, told.join(' '))
}

export function clonePayload({ data }: CanaryLine): Payload {
  return serviceOperation('git', 'clone', data.filledText('REPO'))
}

export function redisLogin({ data }: CanaryLine): Payload | null {
  if (redisCommand(data) !== 'auth') return null
  const [first, ...rest] = (data.text('ARGS') ?? '').split(' ')
  const hasUser = rest.length > 0
  const password = hasUser ? rest.join(' ') : first
  return loginPayload({ service: 'redis', username: hasUser ? first : undefined, password })
}

/** The argument is what followed the command, without passwords that it sets or logs in with. */
export function redisPayload({ data }: CanaryLine): Payload | null {
  const command = redisCommand(data)
  if (command === 'auth') return null
  const text = data.text('ARGS') ?? ''
  const isConfig = command === 'config'
  const holdsLogin = command === 'hello' || command === 'acl' || command === 'migrate'
  const argument = holdsLogin ? undefined : isConfig ? text.replace(REDIS_PASSWORD_SETTING, '$1 ***') : text
  return serviceOperation('redis', command, argument)
}

function redisCommand(data: JsonFields): string {
  return (data.filledText('CMD') ?? 'command').toLowerCase()
}

export function receivedPayload({ data }: CanaryLine): Payload {
  return serviceOperation('tcp', 'data', data.text('DATA'))
}

export function llmnrPayload({ data }: CanaryLine): Payload {
  return serviceOperation('llmnr', 'response', data.filledText('response'))
}

export function mongodbLogin({ data }: CanaryLine): Payload | null {
  if (data.text('action') !== 'mongodb.auth_attempt') return null
  const username = data.filledText('username')
  return loginPayload({ service: 'mongodb', username: username === 'unknown' ? undefined : username })
}

/** The operation is the command (`query:admin.$cmd` for older clients), the argument its document. */
export function mongodbPayload({ data }: CanaryLine): Payload | null {
  if (data.text('action') !== 'mongodb.command') return null
  const command = data.filledText('command') ?? 'command'
  const query = data.text('query') ?? ''
  const isLogin = MONGODB_LOGIN.test(command) || MONGODB_LOGIN.test(query)
  return serviceOperation('mongodb', command, isLogin ? undefined : query)
}

export function mongodbSession(line: CanaryLine): Payload | null {
  switch (line.data.text('action')) {
    case 'mongodb.connection':
      return openedPayload('mongodb')(line)
    case 'mongodb.disconnect':
      return { phase: 'closed', service: 'mongodb' }
    default:
      return null
  }
}
