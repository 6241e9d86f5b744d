import type { Payload } from '../../events/tagger-event.js'
import type { JsonFields } from '../json/json-fields.js'
import type { JsonLine } from '../json/json-line.js'
import { modbusFunction } from '../operations/modbus-function.js'
import { serviceOperation } from '../operations/service-operation.js'
import { sharePath } from '../operations/share-path.js'
import { snmpOperation } from '../operations/snmp-operation.js'

/** What Suricata calls the commands of SMB 2, and what they are called here. */
const SHARE_ACTS: Readonly<Record<string, string>> = {
  SMB2_COMMAND_TREE_CONNECT: 'connect',
  SMB1_COMMAND_TREE_CONNECT_ANDX: 'connect',
  SMB2_COMMAND_CREATE: 'open',
  SMB1_COMMAND_NT_CREATE_ANDX: 'open',
  SMB2_COMMAND_READ: 'read',
  SMB2_COMMAND_WRITE: 'write',
}
/** Ways to open a file that make it or empty it. */
const MAKES_FILE = /CREATE|OVERWRITE|SUPERSEDE/

export function ftpOperations(line: JsonLine): readonly Payload[] {
  const ftp = line.fields('ftp')
  const command = ftp.filledText('command')
  if (command === undefined || /^(?:user|pass|acct)$/i.test(command)) return []
  return [serviceOperation('ftp', command, ftp.text('command_data'))]
}

export function tftpOperations(line: JsonLine): readonly Payload[] {
  const tftp = line.fields('tftp')
  const packet = tftp.filledText('packet')
  return packet === undefined ? [] : [serviceOperation('tftp', packet, tftp.text('file'))]
}

export function sipOperations(line: JsonLine): readonly Payload[] {
  const sip = line.fields('sip')
  const method = sip.filledText('method')
  return method === undefined ? [] : [serviceOperation('sip', method, sip.text('uri'))]
}

/** Requests only. */
export function snmpOperations(line: JsonLine): readonly Payload[] {
  const snmp = line.fields('snmp')
  if (!/^(?:get|set)_\w*request$/.test(snmp.text('pdu_type') ?? '')) return []
  return [snmpOperation(snmp.filledText('community'), snmp.texts('vars'))]
}

export function modbusOperations(line: JsonLine): readonly Payload[] {
  const code = line.fields('modbus').fields('request').decimal('function_raw')
  return code === undefined ? [] : [serviceOperation('modbus', modbusFunction(code))]
}

/** What a client subscribes to and publishes; messages themselves are left out. */
export function mqttOperations(line: JsonLine): readonly Payload[] {
  const mqtt = line.fields('mqtt')
  const topics = mqtt
    .fields('subscribe')
    .list('topics')
    .map((topic) => topic.text('topic') ?? '')
  const published = mqtt.fields('publish').text('topic')
  return [
    ...(mqtt.has('subscribe') ? [serviceOperation('mqtt', 'subscribe', topics.join(' '))] : []),
    ...(published === undefined ? [] : [serviceOperation('mqtt', 'publish', published)]),
  ]
}

export function smbOperations(line: JsonLine): readonly Payload[] {
  const smb = line.fields('smb')
  const command = smb.text('command') ?? ''
  const operation = Object.hasOwn(SHARE_ACTS, command) ? SHARE_ACTS[command] : undefined
  if (operation === undefined) return []
  const isMade = operation === 'open' && MAKES_FILE.test(smb.text('disposition') ?? '')
  const path = sharePath(smb.text('share') ?? '', smb.text('filename'))
  return path === '' ? [] : [serviceOperation('smb', isMade ? 'write' : operation, path)]
}

/** `scope` and base of a search; a bind tells its name, never its password. */
export function ldapOperations(line: JsonLine): readonly Payload[] {
  const request = line.fields('ldap').fields('request')
  const operation = request.filledText('operation')
  if (operation === undefined) return []
  return [serviceOperation('ldap', operation.replace(/_request$/, ''), ldapArgument(request))]
}

function ldapArgument(request: JsonFields): string {
  const search = request.fields('search_request')
  const words = [search.text('scope'), search.text('base_object'), search.text('filter')]
  return [...words, request.fields('bind_request').text('name')].filter(Boolean).join(' ')
}

export function pgsqlOperations(line: JsonLine): readonly Payload[] {
  const query = line.fields('pgsql').fields('request').filledText('simple_query')
  return query === undefined ? [] : [serviceOperation('postgresql', 'query', query)]
}
