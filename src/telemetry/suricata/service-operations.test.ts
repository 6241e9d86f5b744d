import { describe, expect, it } from 'vitest'
import { decodeLine } from '../../../test/support/decode-line.js'
import { suricataFormat } from './suricata-format.js'

const HEAD = { timestamp: '2026-05-20T12:00:00.1+0000', flow_id: 1, src_ip: '198.51.100.12', dest_ip: '192.0.2.9' }

function payloadsOf(type: string, parts: object) {
  const decoded = decodeLine(suricataFormat, JSON.stringify({ ...HEAD, event_type: type, [type]: parts }))
  return decoded.kind === 'events' ? decoded.events.map(({ payload }) => payload) : []
}

const operation = (service: string, name: string, argument?: string) => [
  { service, operation: name, ...(argument !== undefined && { argument }) },
]

describe('what Suricata sees of services', () => {
  it.each([
    ['ftp', { command: 'RETR', command_data: 'a.bin', reply: ['ok'] }, operation('ftp', 'retr', 'a.bin')],
    ['ftp', { command: 'PASS', command_data: 'hunter2x' }, []],
    ['tftp', { packet: 'read', file: 'edge-confg', mode: 'octet' }, operation('tftp', 'read', 'edge-confg')],
    ['sip', { method: 'REGISTER', uri: 'sip:192.0.2.9' }, operation('sip', 'register', 'sip:192.0.2.9')],
    ['sip', { response_line: 'SIP/2.0 200 OK', code: '200' }, []],
    [
      'snmp',
      { version: 2, pdu_type: 'get_next_request', community: 'public', vars: ['1.3.6.1'] },
      operation('snmp', 'request', 'public 1.3.6.1'),
    ],
    ['snmp', { version: 2, pdu_type: 'get_bulk_request', community: 's3cret', vars: [] }, operation('snmp', 'request')],
    ['snmp', { version: 2, pdu_type: 'response', vars: ['1.3.6.1'] }, []],
    [
      'modbus',
      { request: { function_raw: 5, function_code: 'WrSingleCoil' } },
      operation('modbus', 'write_single_coil'),
    ],
    ['modbus', { request: { function_raw: 90 } }, operation('modbus', 'function_90')],
    ['modbus', { response: { function_raw: 5 } }, []],
    [
      'mqtt',
      { subscribe: { topics: [{ topic: '#', qos: 0 }, { topic: 'a' }] } },
      operation('mqtt', 'subscribe', '# a'),
    ],
    ['mqtt', { publish: { topic: 'a/b', message: 'secret' } }, operation('mqtt', 'publish', 'a/b')],
    ['mqtt', { connect: { username: 'ann', password: 'hunter2x' } }, []],
    ['smb', { command: 'SMB2_COMMAND_TREE_CONNECT', share: '\\\\192.0.2.9\\c$' }, operation('smb', 'connect', 'c$')],
    [
      'smb',
      { command: 'SMB2_COMMAND_CREATE', filename: 'hr\\pay.xlsx', disposition: 'FILE_OPEN' },
      operation('smb', 'open', 'hr/pay.xlsx'),
    ],
    [
      'smb',
      { command: 'SMB2_COMMAND_CREATE', filename: 'a.exe', disposition: 'FILE_OVERWRITE_IF' },
      operation('smb', 'write', 'a.exe'),
    ],
    ['smb', { command: 'SMB2_COMMAND_NEGOTIATE_PROTOCOL' }, []],
    [
      'ldap',
      { request: { operation: 'search_request', search_request: { base_object: 'dc=x', scope: 'whole_subtree' } } },
      operation('ldap', 'search', 'whole_subtree dc=x'),
    ],
    [
      'ldap',
      { request: { operation: 'bind_request', bind_request: { name: 'cn=a', password: 'hunter2x' } } },
      operation('ldap', 'bind', 'cn=a'),
    ],
    ['pgsql', { request: { simple_query: 'select 1' } }, operation('postgresql', 'query', 'select 1')],
    ['pgsql', { request: { startup_parameters: { user: 'ann' } } }, []],
  ])('%s %j', (type, parts, expected) => {
    expect(payloadsOf(type, parts)).toEqual(expected)
  })
})
