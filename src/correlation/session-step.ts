import type { TaggerEvent } from '../events/tagger-event.js'
import type { EventFields } from '../rules/event-fields.js'
import { detachedHead } from '../text/detached.js'
import { byContent } from './bounded.js'
import { byTime, eventNumber, type Login } from './login.js'
import type { Place } from './place.js'
import type { ProgramReader, ReadCommand } from './programs.js'

interface Step {
  /** The first 52 bits of the event's id. */
  readonly id: number
  /** Event time in milliseconds since 1970. */
  readonly at: number
  readonly place: Place
}

export type OpeningStep = Step & { readonly kind: 'opening'; readonly port: number | null }
export type ClosingStep = Step & { readonly kind: 'closing'; readonly seconds: number | null }
export type CommandStep = Step & ReadCommand & { readonly kind: 'command' }
export type FileStep = Step & {
  readonly kind: 'file'
  readonly direction: string | null
  readonly names: readonly string[]
  readonly success: boolean
}
/** A forwarding that was asked for; or data sent through one, which asks for none. */
export type ForwardStep = Step & {
  readonly kind: 'forward'
  readonly destination: string
  readonly isRequest: boolean
  readonly bytes: number
}
type OtherStep = Step & { readonly kind: 'other' }

/** One thing that happened in a session, as far as it matters for the session as a whole. */
export type SessionStep = OpeningStep | ClosingStep | Login | CommandStep | FileStep | ForwardStep | OtherStep

const LONGEST_NAME = 128
/** Of a URL what may hold a user's password. */
const AUTHORITY = /^[a-z][a-z0-9+.-]{0,20}:\/\/[^/]{0,512}/i
/** Operations that send data through a forwarding and ask for none. */
const DATA = /-data$/

/** In the order of time; any fixed order where steps share a number. */
export function byTimeAndContent(one: SessionStep, other: SessionStep): number {
  return byTime(one, other) || byContent(one, other)
}

/** What an event that is no login is in its session. */
export function sessionStep(
  event: TaggerEvent,
  place: Place,
  reader: { readonly fields: EventFields; readonly programs: ProgramReader },
): SessionStep {
  const { payload } = event
  const [id, at] = [eventNumber(event), event.observedAt.getTime()]
  switch (event.sourceKind) {
    case 'command': {
      const text = typeof payload.command_text === 'string' ? payload.command_text : ''
      return { kind: 'command', id, at, place, ...reader.programs.read(text, reader.fields) }
    }
    case 'payload':
      return { kind: 'file', id, at, place, ...fileOf(payload) }
    case 'service_op':
      if (typeof payload.destination_host !== 'string') return { kind: 'other', id, at, place }
      return { kind: 'forward', id, at, place, ...forwardOf(payload.destination_host, payload) }
    case 'session': {
      const { destination_port: port, duration_seconds: seconds } = payload
      if (payload.phase === 'closed') return { kind: 'closing', id, at, place, seconds: numberOrNull(seconds) }
      return { kind: 'opening', id, at, place, port: numberOrNull(port) }
    }
    default:
      return { kind: 'other', id, at, place }
  }
}

function fileOf(payload: TaggerEvent['payload']): Pick<FileStep, 'direction' | 'names' | 'success'> {
  const { direction, url, filename, destination, success } = payload
  const path = typeof url === 'string' ? url.replace(AUTHORITY, '').split(/[?#]/, 1)[0] : undefined
  const names = [filename, destination, path]
    .filter((name) => typeof name === 'string')
    .map((name) => detachedHead(name.slice(name.lastIndexOf('/') + 1), LONGEST_NAME))
    .filter((name) => name !== '')
  return {
    direction: typeof direction === 'string' ? direction : null,
    names: [...new Set(names)],
    success: success !== false,
  }
}

function forwardOf(
  host: string,
  payload: TaggerEvent['payload'],
): Pick<ForwardStep, 'destination' | 'isRequest' | 'bytes'> {
  const { operation, destination_port: port, argument } = payload
  return {
    destination: `${detachedHead(host, LONGEST_NAME)}:${typeof port === 'number' ? port : '?'}`,
    isRequest: !(typeof operation === 'string' && DATA.test(operation)),
    bytes: typeof argument === 'string' ? argument.length : 0,
  }
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
