import type { ProducedFields } from '../../events/producer.js'
import type { Payload } from '../../events/tagger-event.js'
import { boundName } from '../bound-text.js'
import { dropAbsent } from '../drop-absent.js'
import { serviceOperation } from '../operations/service-operation.js'

/** Every field that the events of a connection may have. */
export const DIONAEA_FIELDS = {
  session: ['phase', 'service', 'destination_port'],
  auth_attempt: ['service', 'success', 'method', 'username', 'password'],
  service_op: ['service', 'operation', 'argument'],
} as const satisfies ProducedFields

/** Usual names of the services that Dionaea has names of its own for. */
const SERVICES: ReadonlyMap<string, string> = new Map([
  ['smbd', 'smb'],
  ['ftpd', 'ftp'],
  ['tftpd', 'tftp'],
  ['httpd', 'http'],
  ['mssqld', 'mssql'],
  ['mysqld', 'mysql'],
  ['mongod', 'mongodb'],
  ['mqttd', 'mqtt'],
  ['pptpd', 'pptp'],
  ['upnpd', 'upnp'],
  ['memcached', 'memcached'],
  ['epmapper', 'msrpc'],
  ['SipSession', 'sip'],
  ['SipCall', 'sip'],
  ['Printerd', 'printer'],
  ['pcl', 'printer'],
])
/** Commands whose argument is a secret. */
const SECRET_COMMANDS: ReadonlySet<string> = new Set(['pass', 'acct'])

/** The usual name of what Dionaea calls a protocol; where it knows no other, that name in lower case. */
export function serviceOf(protocol: string): string {
  return SERVICES.get(protocol) ?? boundName(protocol.toLowerCase())
}

export function openedPayload(service: string, port: number | undefined): Payload {
  return dropAbsent({ phase: 'opened', service, destination_port: port })
}

/** Dionaea lets everybody in. Of MySQL it does not know the password, and writes an empty one. */
export function loginPayload(service: string, username: unknown, password: unknown): Payload {
  return dropAbsent({
    service,
    success: true,
    method: 'password',
    username: textOf(username),
    password: service === 'mysql' && password === '' ? undefined : textOf(password),
  })
}

/** Null where there is no command. */
export function commandPayload(command: unknown, given: unknown): Payload | null {
  if (typeof command !== 'string' || command === '') return null
  const words = Array.isArray(given) ? given.filter((word) => typeof word === 'string').join(' ') : textOf(given)
  return serviceOperation('ftp', command, SECRET_COMMANDS.has(command.toLowerCase()) ? null : words)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
