import type { ProducedFields } from '../../events/producer.js'
import type { Payload } from '../../events/tagger-event.js'
import { boundArgument, boundName } from '../bound-text.js'
import { dropAbsent } from '../drop-absent.js'
import { fingerprintPayloads } from '../fingerprint-payload.js'
import type { JsonFields } from '../json/json-fields.js'
import type { JsonLine } from '../json/json-line.js'
import { smtpOperations } from '../operations/smtp-operations.js'
import { headerMap, httpRequestPayload } from '../requests/http-request-payload.js'

/** Every field that some builder below gives, by the source kind that it is for. */
export const SURICATA_FIELDS = {
  http_request: ['method', 'path', 'query', 'raw_url', 'host', 'headers', 'user_agent', 'status'],
  fingerprint: ['metric', 'value', 'service'],
  service_op: ['service', 'operation', 'argument', 'destination_port', 'cve', 'severity', 'techniques'],
  payload: ['direction', 'filename', 'sha256', 'size', 'type', 'service'],
} as const satisfies ProducedFields

const SHA_256 = /^[\da-f]{64}$/i
/** CVE numbers as the metadata of rules write them. */
const CVE = /^CVE[_-](\d{4})[_-](\d{4,7})$/i
/** Ids of ATT&CK as the metadata of rules write them. */
const TECHNIQUE = /^T(\d{4})(?:[._](\d{3}))?$/
/** A signature names one or two. */
const MOST_TECHNIQUES = 16
/** The words of libmagic that tell the types that rules know. The first that holds counts. */
const TYPES: readonly (readonly [words: RegExp, type: string])[] = [
  [/^ELF\b/, 'elf'],
  [/^PE32|^MS-DOS executable/, 'pe'],
  [/\bscript\b/, 'script'],
  [/\barchive\b|compressed data/, 'archive'],
]

export function requestPayloads(line: JsonLine): readonly Payload[] {
  const http = line.fields('http')
  const given = headerMap(http.list('request_headers').map((header) => [header.value('name'), header.value('value')]))
  const told = { 'user-agent': http.filledText('http_user_agent'), referer: http.filledText('http_refer') }
  return [
    httpRequestPayload({
      method: http.filledText('http_method'),
      target: http.filledText('url'),
      headers: { ...headerMap(Object.entries(told)), ...given },
      host: http.filledText('hostname'),
      status: http.number('status'),
    }),
  ]
}

/** What an SSH client calls itself, in the form that it sends, and its HASSH. */
export function sshFingerprints(line: JsonLine): readonly Payload[] {
  const client = line.fields('ssh').fields('client')
  const software = client.filledText('software_version')
  const version = software && `SSH-${client.filledText('proto_version') ?? '2.0'}-${software}`
  const hassh = client.fields('hassh').filledText('hash')
  return [...fingerprintPayloads('client_version', version, 'ssh'), ...fingerprintPayloads('hassh', hassh, 'ssh')]
}

export function tlsFingerprints(line: JsonLine): readonly Payload[] {
  const tls = line.fields('tls')
  const ja3 = tls.fields('ja3').filledText('hash')
  return [...fingerprintPayloads('ja3', ja3, 'tls'), ...fingerprintPayloads('ja4', tls.filledText('ja4'), 'tls')]
}

export function mailPayloads(line: JsonLine): readonly Payload[] {
  const smtp = line.fields('smtp')
  return smtpOperations({
    helo: smtp.filledText('helo'),
    mailFrom: smtp.filledText('mail_from'),
    recipients: smtp.texts('rcpt_to'),
  })
}

/**
 * A file that a client sent. The address of such a line is the sender's, and nothing says whether that is client or server:
 * the lower port is taken for the server's, and what a server sends is no payload.
 */
export function filePayloads(line: JsonLine): readonly Payload[] {
  const sender = line.decimal('src_port') ?? 0
  const receiver = line.decimal('dest_port') ?? 0
  if (sender < receiver) return []
  const file = line.fields('fileinfo')
  const magic = file.text('magic') ?? ''
  const sha256 = file.filledText('sha256')
  return [
    dropAbsent({
      direction: 'upload',
      filename: file.filledText('filename'),
      sha256: sha256 !== undefined && SHA_256.test(sha256) ? sha256.toLowerCase() : undefined,
      size: sizeOf(file),
      type: TYPES.find(([words]) => words.test(magic))?.[1],
      service: serviceOf(line),
    }),
  ]
}

function sizeOf(file: JsonFields): number | undefined {
  const size = file.number('size')
  return size !== undefined && Number.isSafeInteger(size) && size >= 0 ? size : undefined
}

/** The signature that a packet fits: what a rule of Suricata's says, not what was seen. */
export function alertPayloads(line: JsonLine): readonly Payload[] {
  const alert = line.fields('alert')
  const signature = alert.filledText('signature')
  const port = clientIsDestination(line) ? 'src_port' : 'dest_port'
  return [
    dropAbsent({
      service: serviceOf(line) ?? boundName((line.text('proto') ?? 'unknown').toLowerCase()),
      operation: 'alert',
      argument: signature && boundArgument(signature),
      destination_port: line.decimal(port),
      cve: cveOf(alert),
      severity: alert.number('severity'),
      techniques: techniquesOf(alert),
    }),
  ]
}

/** Whether the packet that an alert is about went to the client. Only versions from 7 on tell. */
export function clientIsDestination(line: JsonLine): boolean {
  return line.value('direction') === 'to_client'
}

/** The application protocol, where Suricata found one. */
function serviceOf(line: JsonLine): string | undefined {
  const name = line.filledText('app_proto')
  return name === undefined || name === 'failed' ? undefined : boundName(name.toLowerCase())
}

/** The first CVE number in the metadata of the signature. */
function cveOf(alert: JsonFields): string | undefined {
  const numbers = alert
    .fields('metadata')
    .texts('cve')
    .map((text) => CVE.exec(text))
  const first = numbers.find((number) => number !== null)
  return first && `CVE-${first[1]}-${first[2]}`
}

/** The techniques that the signature itself claims, in the release that its author wrote for. */
function techniquesOf(alert: JsonFields): readonly string[] | undefined {
  const ids = alert
    .fields('metadata')
    .texts('mitre_technique_id')
    .slice(0, MOST_TECHNIQUES)
    .flatMap((text) => {
      const found = TECHNIQUE.exec(text)
      return found === null ? [] : [found[2] === undefined ? `T${found[1]}` : `T${found[1]}.${found[2]}`]
    })
  return ids.length === 0 ? undefined : ids
}
