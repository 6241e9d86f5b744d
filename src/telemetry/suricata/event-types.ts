import type { LineType } from '../json/typed-json-decoder.js'
import { operationObservation } from '../operations/operation-observation.js'
import * as payloads from './payloads.js'
import * as services from './service-operations.js'

const PROTOCOL = 'a protocol of which no rule says anything'

/** Every `event_type` that Suricata up to 8 writes, and what becomes of it. */
export const SURICATA_EVENT_TYPES: readonly LineType[] = [
  {
    name: 'alert',
    meaning: 'A packet fits a signature: an operation named `alert`, whose argument is what the signature says.',
    observations: [{ sourceKind: 'service_op', outcome: 'attempted', payloads: payloads.alertPayloads }],
  },
  {
    name: 'http',
    meaning: 'A request and the status of its answer; headers where `dump-all-headers` is set.',
    observations: [{ sourceKind: 'http_request', outcome: 'attempted', payloads: payloads.requestPayloads }],
  },
  {
    name: 'ssh',
    meaning: 'How the SSH client names itself, and its HASSH where that is computed.',
    observations: [{ sourceKind: 'fingerprint', outcome: null, payloads: payloads.sshFingerprints }],
  },
  {
    name: 'tls',
    meaning: 'JA3 and JA4 of the TLS client, where they are computed.',
    observations: [{ sourceKind: 'fingerprint', outcome: null, payloads: payloads.tlsFingerprints }],
  },
  {
    name: 'smtp',
    meaning: "A mail that was handed over: the client's name, the sender's domain, the number of recipients.",
    observations: [{ sourceKind: 'service_op', outcome: 'attempted', payloads: payloads.mailPayloads }],
  },
  {
    name: 'fileinfo',
    meaning: 'A file that a client sent. One that a server sent, as a page that the decoy shows, is ignored.',
    observations: [{ sourceKind: 'payload', outcome: 'attempted', payloads: payloads.filePayloads }],
  },
  {
    name: 'ftp',
    meaning: 'A command that lists or transfers files, with its argument.',
    observations: [operationObservation(services.ftpOperations)],
  },
  {
    name: 'tftp',
    meaning: 'A file that was asked for or sent.',
    observations: [operationObservation(services.tftpOperations)],
  },
  {
    name: 'sip',
    meaning: 'A request: its method and target.',
    observations: [operationObservation(services.sipOperations)],
  },
  {
    name: 'snmp',
    meaning: 'A request: its community string, where that is a default one, and what it asks for.',
    observations: [operationObservation(services.snmpOperations)],
  },
  {
    name: 'modbus',
    meaning: 'A function that was asked for.',
    observations: [operationObservation(services.modbusOperations)],
  },
  {
    name: 'mqtt',
    meaning: 'Topics that a client subscribed to, or published a message on.',
    observations: [operationObservation(services.mqttOperations)],
  },
  {
    name: 'smb',
    meaning: 'A share that a client connected to; a file that it opened, made, read or wrote.',
    observations: [operationObservation(services.smbOperations)],
  },
  {
    name: 'ldap',
    meaning: 'A request: of a search its scope and base, of a bind its name.',
    observations: [operationObservation(services.ldapOperations)],
  },
  {
    name: 'pgsql',
    meaning: 'A query to PostgreSQL, with its text.',
    observations: [operationObservation(services.pgsqlOperations)],
  },
  { name: 'flow', ignoredBecause: 'any connection, sensors of the network and its own hosts included' },
  { name: 'netflow', ignoredBecause: 'one direction of a flow' },
  { name: 'dns', ignoredBecause: 'name look-ups, most of them by the decoy itself' },
  { name: 'mdns', ignoredBecause: 'name look-ups of the local network' },
  { name: 'anomaly', ignoredBecause: 'a packet that is no good protocol: most are accidents' },
  { name: 'stats', ignoredBecause: "Suricata's own counters" },
  { name: 'engine', ignoredBecause: "Suricata's own messages" },
  { name: 'drop', ignoredBecause: 'what was done with a packet that an alert tells of' },
  { name: 'packet', ignoredBecause: 'a packet that an alert tells of' },
  { name: 'frame', ignoredBecause: 'a part of a message, for writers of signatures' },
  { name: 'dhcp', ignoredBecause: 'how hosts of the local network get their addresses' },
  { name: 'arp', ignoredBecause: 'how hosts of the local network find each other' },
  ...[
    'bittorrent_dht',
    'dcerpc',
    'dnp3',
    'enip',
    'ftp_data',
    'http2',
    'ike',
    'krb5',
    'nfs',
    'pop3',
    'quic',
    'rdp',
    'rfb',
    'telnet',
    'websocket',
  ].map((name) => ({ name, ignoredBecause: PROTOCOL })),
]
