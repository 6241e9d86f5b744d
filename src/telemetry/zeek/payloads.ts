import type { ProducedFields } from '../../events/producer.js'
import type { Payload } from '../../events/tagger-event.js'
import { boundName } from '../bound-text.js'
import { dropAbsent } from '../drop-absent.js'
import { fingerprintPayloads } from '../fingerprint-payload.js'
import type { JsonLine } from '../json/json-line.js'
import { smtpOperations } from '../operations/smtp-operations.js'
import { headerMap, httpRequestPayload } from '../requests/http-request-payload.js'

/** Every field that some builder below gives, by the source kind that it is for. */
export const ZEEK_FIELDS = {
  http_request: [
    'method',
    'path',
    'query',
    'raw_url',
    'host',
    'headers.origin',
    'headers.referer',
    'headers.user-agent',
    'user_agent',
    'status',
  ],
  auth_attempt: ['service', 'success', 'tool', 'username', 'method'],
  fingerprint: ['metric', 'value', 'service'],
  service_op: ['service', 'operation', 'argument'],
  session: ['phase', 'service', 'destination_port', 'duration_seconds'],
} as const satisfies ProducedFields

/** Most logins that one line may tell of: servers cut a connection off long before. */
const MOST_ATTEMPTS = 64
/** Longest connection that is believed: ten years. */
const LONGEST_SECONDS = 10 * 366 * 86_400

export function openedPayloads(line: JsonLine): readonly Payload[] {
  return [dropAbsent({ phase: 'opened', service: connectionService(line), destination_port: portOf(line) })]
}

/** Of a connection whose end Zeek saw, or at least its last packet. */
export function closedPayloads(line: JsonLine): readonly Payload[] {
  const seconds = durationOf(line)
  if (seconds === undefined) return []
  const service = connectionService(line)
  return [dropAbsent({ phase: 'closed', service, destination_port: portOf(line), duration_seconds: seconds })]
}

/** Seconds that a connection lasted; undefined where the line does not tell, or tells what cannot be. */
export function durationOf(line: JsonLine): number | undefined {
  const seconds = line.number('duration')
  return seconds !== undefined && seconds >= 0 && seconds <= LONGEST_SECONDS ? seconds : undefined
}

/**
 * The logins of an SSH connection, as many as Zeek counted: it sees neither names nor passwords. Only the last one can be
 * the one that was let in, and whether those before it failed is not known, for some servers ask for several proofs.
 */
export function loginPayloads(line: JsonLine): readonly Payload[] {
  const success = typeof line.value('auth_success') === 'boolean' ? line.value('auth_success') : undefined
  const counted = Math.floor(line.number('auth_attempts') ?? 0)
  const attempts = Math.min(MOST_ATTEMPTS, Math.max(counted, success === undefined ? 0 : 1))
  const tool = line.filledText('client')
  return Array.from({ length: attempts }, (_, index) => {
    const isTold = index === attempts - 1 || success === false
    return dropAbsent({ service: 'ssh', success: isTold ? success : undefined, tool })
  })
}

export function sshFingerprints(line: JsonLine): readonly Payload[] {
  return [
    ...fingerprintPayloads('client_version', line.filledText('client'), 'ssh'),
    ...fingerprintPayloads('hassh', line.filledText('hassh'), 'ssh'),
  ]
}

export function tlsFingerprints(line: JsonLine): readonly Payload[] {
  return [
    ...fingerprintPayloads('ja3', line.filledText('ja3'), 'tls'),
    ...fingerprintPayloads('ja4', line.filledText('ja4'), 'tls'),
  ]
}

export function requestPayloads(line: JsonLine): readonly Payload[] {
  const headers = {
    'user-agent': line.filledText('user_agent'),
    referer: line.filledText('referrer'),
    origin: line.filledText('origin'),
  }
  return [
    httpRequestPayload({
      method: line.filledText('method'),
      target: line.filledText('uri'),
      headers: headerMap(Object.entries(headers)),
      host: line.filledText('host'),
      status: line.number('status_code'),
    }),
  ]
}

export function mailPayloads(line: JsonLine): readonly Payload[] {
  return smtpOperations({
    helo: line.filledText('helo'),
    mailFrom: line.filledText('mailfrom'),
    recipients: line.texts('rcptto'),
  })
}

/** The protocol that Zeek found, else that of the transport. */
function connectionService(line: JsonLine): string | undefined {
  const name = line.filledText('service') ?? line.filledText('proto')
  return name && boundName(name.toLowerCase())
}

function portOf(line: JsonLine): number | undefined {
  return line.number('id.resp_p')
}
