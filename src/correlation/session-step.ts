import type { TaggerEvent } from '../events/tagger-event.js'
import type { EventFields } from '../rules/event-fields.js'
import { capText } from '../text/cap-text.js'
import { detached, detachedHead } from '../text/detached.js'
import { byTime, eventNumber, type Login } from './login.js'
import { comparePlaces, type Place } from './place.js'
import type { ProgramReader, ReadPrograms } from './programs.js'

interface Step {
  /** The first 52 bits of the event's id. */
  readonly id: number
  /** Event time in milliseconds since 1970. */
  readonly at: number
  readonly place: Place
}

export type OpeningStep = Step & { readonly kind: 'opening'; readonly port: number | null }
export type ClosingStep = Step & { readonly kind: 'closing'; readonly seconds: number | null }
export type CommandStep = Step & ReadPrograms & { readonly kind: 'command'; readonly text: string }
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

/** Longest command of a timeline, in characters. */
const LONGEST_COMMAND = 1024
const LONGEST_NAME = 128
/** Operations that send data through a forwarding and ask for none. */
const DATA = /-data$/

/** In the order of time. Events that share a number differ in what ids leave out, if at all; any fixed order will do. */
export function byTimeAndContent(one: SessionStep, other: SessionStep): number {
  const secrets = one.kind === 'login' && other.kind === 'login' ? (one.password ?? -1) - (other.password ?? -1) : 0
  return byTime(one, other) || secrets || comparePlaces(one.place, other.place)
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
      const programs = reader.programs.read(text, reader.fields)
      const kept = text.length <= LONGEST_COMMAND ? text : detached(capText(text, LONGEST_COMMAND))
      return { kind: 'command', id, at, place, text: kept, ...programs }
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
  const names = [filename, destination, typeof url === 'string' ? url.split(/[?#]/, 1)[0] : undefined]
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
