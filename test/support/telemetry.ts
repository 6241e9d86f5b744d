import { createEvent } from '../../src/events/create-event.js'
import type { Payload, TaggerEvent } from '../../src/events/tagger-event.js'

/** Where and when something of a test happened. */
export interface Happening {
  /** Seconds since the test's day began; that is 2026-11-20T00:00:00Z. */
  readonly at?: number
  readonly ip?: string
  readonly session?: string
  readonly decky?: string
}

export const DAY_START = Date.UTC(2026, 10, 20)

function happening(sourceKind: string, payload: Payload, { at = 0, ip, session, decky }: Happening): TaggerEvent {
  return createEvent({
    sourceKind,
    payload,
    observedAt: new Date(DAY_START + Math.round(at * 1000)),
    sourceIp: ip ?? '198.51.100.20',
    sessionId: session ?? 's1',
    deckyId: decky ?? 'decky-01',
  })
}

export function login(username: string, password: string, place: Happening & { readonly success?: boolean } = {}) {
  const { success = false } = place
  return happening('auth_attempt', { service: 'ssh', method: 'password', username, password, success }, place)
}

export function command(text: string, place: Happening = {}): TaggerEvent {
  return happening('command', { command_text: text, service: 'ssh' }, place)
}

export function opened(place: Happening & { readonly port?: number } = {}): TaggerEvent {
  return happening('session', { phase: 'opened', service: 'ssh', destination_port: place.port ?? 22 }, place)
}

export function closed(seconds: number, place: Happening = {}): TaggerEvent {
  return happening('session', { phase: 'closed', service: 'ssh', duration_seconds: seconds }, place)
}

export function download(url: string, place: Happening = {}): TaggerEvent {
  return happening('payload', { direction: 'download', url, success: true, service: 'ssh' }, place)
}

export function forward(host: string, port: number, place: Happening = {}): TaggerEvent {
  const payload = { service: 'ssh', operation: 'direct-tcpip', destination_host: host, destination_port: port }
  return happening('service_op', payload, place)
}

/** A third party's verdict: of the third party's time, on no decky and in no session. */
export function verdict(payload: Payload, { at = 0, ip = '198.51.100.20' }: Happening = {}): TaggerEvent {
  const observedAt = new Date(DAY_START + at * 1000)
  return createEvent({ sourceKind: 'intel', payload, observedAt, sourceIp: ip })
}
