import type { ProducedFields } from '../../events/producer.js'
import type { Payload } from '../../events/tagger-event.js'
import { boundArgument } from '../bound-text.js'
import type { JsonLine } from '../json/json-line.js'

/** Builds an event's payload from a line's fields; null if the line turns out to be none of our business. */
export type PayloadBuilder = (line: JsonLine) => Payload | null

/** Every field that some builder below gives, by the source kind that it is for. */
export const COWRIE_FIELDS = {
  command: ['command_text', 'service'],
  auth_attempt: ['service', 'success', 'method', 'username', 'password', 'key_type'],
  payload: ['direction', 'success', 'url', 'error', 'destination', 'sha256', 'filename', 'service'],
  service_op: ['service', 'operation', 'destination_host', 'destination_port', 'argument', 'cve'],
  fingerprint: ['metric', 'value', 'name', 'service'],
  session: ['phase', 'service', 'destination_port', 'duration_seconds'],
} as const satisfies ProducedFields

type Draft = Record<string, string | number | boolean>

/** Which service carried the event. Cowrie 1 has no `protocol` on most lines, but names its transport class in `system`. */
export function serviceOf(line: JsonLine): string {
  const protocol = line.filledText('protocol')
  if (protocol !== undefined) return protocol
  const system = line.text('system')
  return system !== undefined && (system.includes('Telnet') || system.includes('telnet')) ? 'telnet' : 'ssh'
}

/** A line with a `realm` was typed into a running program, as a password may be: not a command line. */
export function commandPayload(line: JsonLine): Payload | null {
  if (line.filledText('realm') !== undefined) return null
  const command = line.text('input')
  const service = serviceOf(line)
  return command === undefined ? { service } : { command_text: command, service }
}

export const authAttemptPayload = (success: boolean): PayloadBuilder => {
  return (line) => {
    const username = line.text('username')
    const password = line.text('password')
    const offersKey = line.has('key') || line.has('fingerprint')
    const payload: Draft = { service: serviceOf(line), success, method: offersKey ? 'publickey' : 'password' }
    if (username !== undefined) payload.username = username
    if (password !== undefined) payload.password = password
    if (offersKey) put(payload, 'key_type', line.filledText('type'))
    return payload
  }
}

export function downloadPayload(line: JsonLine): Payload {
  const url = line.filledText('url')
  const payload: Draft = { direction: url === undefined ? 'redirect' : 'download', success: true }
  put(payload, 'url', url)
  return addFile(payload, line)
}

export function failedDownloadPayload(line: JsonLine): Payload {
  const payload: Draft = { direction: 'download', success: false }
  put(payload, 'url', line.filledText('url'))
  put(payload, 'error', line.filledText('error'))
  return addFile(payload, line)
}

/** An upload's `url`, where Cowrie writes one, only repeats the path on the decoy. */
export function uploadPayload(line: JsonLine): Payload {
  return addFile({ direction: 'upload', success: true }, line)
}

function addFile(payload: Draft, line: JsonLine): Payload {
  put(payload, 'destination', line.filledText('destfile'))
  put(payload, 'sha256', line.filledText('shasum'))
  put(payload, 'filename', line.filledText('filename'))
  payload.service = serviceOf(line)
  return payload
}

export const forwardingPayload = (operation: string): PayloadBuilder => {
  return (line) => {
    const payload: Draft = { service: 'ssh', operation }
    put(payload, 'destination_host', line.filledText('dst_ip'))
    put(payload, 'destination_port', line.number('dst_port'))
    const data = line.filledText('data')
    if (data !== undefined) payload.argument = boundArgument(data)
    return payload
  }
}

export const telnetExploitPayload = (operation: string): PayloadBuilder => {
  return (line) => {
    const payload: Draft = { service: 'telnet', operation }
    put(payload, 'cve', line.filledText('cve'))
    const name = line.filledText('name')
    const argument = name === undefined ? line.filledText('attempted_command') : `${name}=${line.text('value') ?? ''}`
    if (argument !== undefined) payload.argument = boundArgument(argument)
    return payload
  }
}

/** A fingerprint whose value is one field of the line. */
export const fingerprintPayload = (metric: string, field: string): PayloadBuilder => {
  return (line) => {
    const payload: Draft = { metric }
    put(payload, 'value', line.filledText(field))
    payload.service = serviceOf(line)
    return payload
  }
}

export function environmentPayload(line: JsonLine): Payload {
  const payload: Draft = { metric: 'environment' }
  put(payload, 'name', line.filledText('name'))
  put(payload, 'value', line.text('value'))
  payload.service = serviceOf(line)
  return payload
}

/** Columns, `x`, rows: `80x24`. */
export function terminalSizePayload(line: JsonLine): Payload {
  const width = line.number('width')
  const height = line.number('height')
  const payload: Draft = { metric: 'terminal_size' }
  if (width !== undefined && height !== undefined) payload.value = `${width}x${height}`
  payload.service = serviceOf(line)
  return payload
}

export function openedSessionPayload(line: JsonLine): Payload {
  const payload: Draft = { phase: 'opened', service: serviceOf(line) }
  put(payload, 'destination_port', line.number('dst_port'))
  return payload
}

/** Cowrie 3 writes whole milliseconds, older ones seconds as a number or as text. */
export function closedSessionPayload(line: JsonLine): Payload {
  const payload: Draft = { phase: 'closed', service: serviceOf(line) }
  const milliseconds = line.number('duration_ms')
  put(payload, 'duration_seconds', milliseconds === undefined ? line.decimal('duration') : milliseconds / 1000)
  return payload
}

function put(payload: Draft, name: string, value: string | number | undefined): void {
  if (value !== undefined) payload[name] = value
}
