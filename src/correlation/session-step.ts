import { LeastItems } from '../collections/least-items.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { EventFields } from '../rules/event-fields.js'
import { capText } from '../text/cap-text.js'
import { byTime, eventNumber, type Login } from './login.js'
import { comparePlaces, type Place } from './place.js'
import type { ProgramReader, Programs } from './programs.js'

interface Step {
  /** The first 52 bits of the event's id. */
  readonly id: number
  /** Event time in milliseconds since 1970. */
  readonly at: number
  readonly place: Place
}

export type OpeningStep = Step & { readonly kind: 'opening'; readonly port: number | null }
export type ClosingStep = Step & { readonly kind: 'closing'; readonly seconds: number | null }
export type LoginStep = Step & { readonly kind: 'login'; readonly login: Login }
export type CommandStep = Step & { readonly kind: 'command'; readonly text: string; readonly programs: Programs }
export type FileStep = Step & {
  readonly kind: 'file'
  readonly direction: string | null
  readonly names: readonly string[]
  readonly success: boolean
}
export type ForwardStep = Step & { readonly kind: 'forward'; readonly destination: string; readonly bytes: number }
type OtherStep = Step & { readonly kind: 'other' }

/** One thing that happened in a session, as far as it matters for the session as a whole. */
export type SessionStep = OpeningStep | ClosingStep | LoginStep | CommandStep | FileStep | ForwardStep | OtherStep

/** Longest command of a timeline, in characters. */
const LONGEST_COMMAND = 1024
const LONGEST_NAME = 128
/** Steps that a timeline keeps: the first ones. */
export const MOST_STEPS = 512

/** A bounded timeline: the first steps of those that are added. */
export function timeline(): LeastItems<SessionStep> {
  return new LeastItems({ limit: MOST_STEPS, compare: byTimeAndContent, isSame: (one, other) => one.id === other.id })
}

/** Events that share a number differ in what ids leave out, if at all; any fixed order among them will do. */
function byTimeAndContent(one: SessionStep, other: SessionStep): number {
  const secrets = one.kind === 'login' && other.kind === 'login' ? compareLogins(one, other) : 0
  return byTime(one, other) || secrets || comparePlaces(one.place, other.place)
}

function compareLogins({ login: one }: LoginStep, { login: other }: LoginStep): number {
  return (one.password ?? -1) - (other.password ?? -1)
}

/** What an event is in its session. A login is handed over, since its secret must be hashed only once. */
export function sessionStep(
  event: TaggerEvent,
  { login, place }: { readonly login: Login | null; readonly place: Place },
  reader: { readonly fields: EventFields; readonly programs: ProgramReader },
): SessionStep {
  if (login !== null) return { kind: 'login', id: login.id, at: login.at, place, login }
  const { payload } = event
  const step = { id: eventNumber(event), at: event.observedAt.getTime(), place }
  switch (event.sourceKind) {
    case 'command': {
      const text = typeof payload.command_text === 'string' ? payload.command_text : ''
      const programs = reader.programs.read(text, reader.fields)
      return { kind: 'command', ...step, text: capText(text, LONGEST_COMMAND), programs }
    }
    case 'payload':
      return { kind: 'file', ...step, ...fileOf(payload) }
    case 'service_op':
      return typeof payload.destination_host === 'string' ? forwardStep(step, payload) : { kind: 'other', ...step }
    case 'session':
      return boundaryStep(step, payload)
    default:
      return { kind: 'other', ...step }
  }
}

function fileOf(payload: TaggerEvent['payload']): Pick<FileStep, 'direction' | 'names' | 'success'> {
  const { direction, url, filename, destination, success } = payload
  const names = [filename, destination, typeof url === 'string' ? url.split(/[?#]/, 1)[0] : undefined]
    .filter((name) => typeof name === 'string')
    .map((name) => name.slice(name.lastIndexOf('/') + 1, name.lastIndexOf('/') + 1 + LONGEST_NAME))
    .filter((name) => name !== '')
  return {
    direction: typeof direction === 'string' ? direction : null,
    names: [...new Set(names)],
    success: success !== false,
  }
}

function forwardStep(step: Step, payload: TaggerEvent['payload']): SessionStep {
  const { destination_host: host, destination_port: port, argument } = payload
  const destination = `${String(host).slice(0, LONGEST_NAME)}:${typeof port === 'number' ? port : '?'}`
  return { kind: 'forward', ...step, destination, bytes: typeof argument === 'string' ? argument.length : 0 }
}

function boundaryStep(step: Step, payload: TaggerEvent['payload']): SessionStep {
  const { destination_port: port, duration_seconds: seconds } = payload
  if (payload.phase === 'closed') {
    return { kind: 'closing', ...step, seconds: typeof seconds === 'number' ? seconds : null }
  }
  return { kind: 'opening', ...step, port: typeof port === 'number' ? port : null }
}
