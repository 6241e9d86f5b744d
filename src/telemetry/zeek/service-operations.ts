import type { Payload } from '../../events/tagger-event.js'
import type { JsonLine } from '../json/json-line.js'
import { serviceOperation } from '../operations/service-operation.js'
import { sharePath } from '../operations/share-path.js'
import { snmpOperation } from '../operations/snmp-operation.js'

/** What Zeek calls the acts on a file of a share, and what they are called here. */
const FILE_ACTS: Readonly<Record<string, string>> = {
  'SMB::FILE_OPEN': 'open',
  'SMB::FILE_READ': 'read',
  'SMB::FILE_WRITE': 'write',
  'SMB::FILE_DELETE': 'unlink',
  'SMB::FILE_RENAME': 'rename',
}

/** A command that transfers a file or lists them; a name or a password stands in no argument. */
export function ftpOperations(line: JsonLine): readonly Payload[] {
  const command = line.filledText('command')
  if (command === undefined || /^(?:user|pass|acct)$/i.test(command)) return []
  return [serviceOperation('ftp', command, line.text('arg'))]
}

export function mysqlOperations(line: JsonLine): readonly Payload[] {
  const command = line.filledText('cmd')
  if (command === undefined) return []
  return [serviceOperation('mysql', command, command === 'login' ? null : line.text('arg'))]
}

export function sipOperations(line: JsonLine): readonly Payload[] {
  const method = line.filledText('method')
  if (method === undefined) return []
  return [serviceOperation('sip', method, [line.text('user_agent'), line.text('uri')].filter(Boolean).join(' '))]
}

/** Zeek counts requests and logs no object identifiers. */
export function snmpOperations(line: JsonLine): readonly Payload[] {
  return [snmpOperation(line.filledText('community'), [])]
}

/** Requests only: an exception is the answer to one. */
export function modbusOperations(line: JsonLine): readonly Payload[] {
  const name = line.filledText('func')
  if (name === undefined || line.value('pdu_type') === 'RESP' || name.endsWith('_EXCEPTION')) return []
  return [serviceOperation('modbus', name)]
}

export function subscribeOperations(line: JsonLine): readonly Payload[] {
  const operation = line.value('action') === 'MQTT::UNSUBSCRIBE' ? 'unsubscribe' : 'subscribe'
  return [serviceOperation('mqtt', operation, line.texts('topics').join(' '))]
}

/** What a client publishes; the message itself is left out. */
export function publishOperations(line: JsonLine): readonly Payload[] {
  if (line.value('from_client') === false) return []
  return [serviceOperation('mqtt', 'publish', line.text('topic'))]
}

export function mappingOperations(line: JsonLine): readonly Payload[] {
  return [serviceOperation('smb', 'connect', sharePath(line.text('path') ?? ''))]
}

export function fileOperations(line: JsonLine): readonly Payload[] {
  const action = line.text('action') ?? ''
  const operation = Object.hasOwn(FILE_ACTS, action) ? FILE_ACTS[action] : undefined
  if (operation === undefined) return []
  return [serviceOperation('smb', operation, sharePath(line.text('path') ?? '', line.text('name')))]
}

/** `scope`, base and filter of a search. */
export function searchOperations(line: JsonLine): readonly Payload[] {
  const base = line.value('base_object')
  const bases = Array.isArray(base) ? line.texts('base_object') : [line.text('base_object') ?? '']
  return [
    serviceOperation('ldap', 'search', [line.text('scope'), ...bases, line.text('filter')].filter(Boolean).join(' ')),
  ]
}

/** A login by NTLM, as SMB and others use it: Zeek sees the name, and whether it was let in. */
export function ntlmLogins(line: JsonLine): readonly Payload[] {
  const username = line.filledText('username')
  const success = line.value('success')
  if (username === undefined || typeof success !== 'boolean') return []
  return [{ service: 'smb', username, success, method: 'ntlm' }]
}
