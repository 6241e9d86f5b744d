import { describe, expect, it } from 'vitest'
import { decodeLine } from '../../../test/support/decode-line.js'
import { zeekFormat } from './zeek-format.js'

const HEAD = { ts: 1779278400.1, uid: 'C1', 'id.orig_h': '198.51.100.12', 'id.orig_p': 40511, 'id.resp_p': 445 }

function payloadsOf(more: object) {
  const decoded = decodeLine(zeekFormat, JSON.stringify({ ...HEAD, ...more }))
  return decoded.kind === 'events' ? decoded.events.map(({ sourceKind, payload }) => [sourceKind, payload]) : []
}

const operation = (service: string, name: string, argument?: string) => [
  ['service_op', { service, operation: name, ...(argument !== undefined && { argument }) }],
]

describe('what Zeek sees of services', () => {
  it.each([
    [
      { _path: 'ftp', user: 'ann', command: 'STOR', arg: 'ftp://192.0.2.9/a.sh' },
      operation('ftp', 'stor', 'ftp://192.0.2.9/a.sh'),
    ],
    [{ _path: 'ftp', user: 'ann', command: 'PASS', arg: 'hunter2x' }, []],
    [{ _path: 'mysql', cmd: 'query', arg: 'select 1', success: true }, operation('mysql', 'query', 'select 1')],
    [{ _path: 'mysql', cmd: 'login', arg: 'root' }, operation('mysql', 'login')],
    [
      { _path: 'sip', method: 'OPTIONS', uri: 'sip:100@192.0.2.9', user_agent: 'sipsak' },
      operation('sip', 'options', 'sipsak sip:100@192.0.2.9'),
    ],
    [{ _path: 'snmp', version: '2c', community: 'public', get_requests: 3 }, operation('snmp', 'request', 'public')],
    [{ _path: 'snmp', version: '2c', community: 's3cret' }, operation('snmp', 'request')],
    [{ _path: 'modbus', func: 'READ_COILS', pdu_type: 'REQ' }, operation('modbus', 'read_coils')],
    [{ _path: 'modbus', func: 'READ_COILS', pdu_type: 'RESP' }, []],
    [{ _path: 'modbus', func: 'READ_COILS_EXCEPTION', exception: 'ILLEGAL_FUNCTION' }, []],
    [{ _path: 'mqtt_subscribe', action: 'MQTT::SUBSCRIBE', topics: ['#', 'a'] }, operation('mqtt', 'subscribe', '# a')],
    [
      { _path: 'mqtt_publish', from_client: true, topic: 'a/b', payload: 'secret' },
      operation('mqtt', 'publish', 'a/b'),
    ],
    [{ _path: 'mqtt_publish', from_client: false, topic: 'a/b' }, []],
    [
      { _path: 'smb_mapping', path: '\\\\192.0.2.9\\ADMIN$', share_type: 'DISK' },
      operation('smb', 'connect', 'ADMIN$'),
    ],
    [
      { _path: 'smb_files', action: 'SMB::FILE_WRITE', path: '\\\\h\\c$', name: 'temp\\a.exe' },
      operation('smb', 'write', 'c$/temp/a.exe'),
    ],
    [
      { _path: 'smb_files', action: 'SMB::FILE_OPEN', path: '\\\\h\\c$', name: '<share_root>' },
      operation('smb', 'open', 'c$'),
    ],
    [{ _path: 'smb_files', action: 'SMB::PIPE_OPEN', name: 'svcctl' }, []],
    [
      { _path: 'ldap_search', scope: 'tree', base_object: 'dc=x', filter: '(a=*)' },
      operation('ldap', 'search', 'tree dc=x (a=*)'),
    ],
    [{ _path: 'ldap_search', scope: 'tree', base_object: ['dc=x'] }, operation('ldap', 'search', 'tree dc=x')],
    [
      { _path: 'ntlm', username: 'ann', success: false },
      [['auth_attempt', { service: 'smb', username: 'ann', success: false, method: 'ntlm' }]],
    ],
    [{ _path: 'ntlm', username: 'ann' }, []],
  ])('%j', (line, expected) => {
    expect(payloadsOf(line)).toEqual(expected)
  })
})
