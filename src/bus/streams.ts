import { BusError } from './bus-error.js'
import { patternCovers, subjectMatches } from './subject-pattern.js'

export type StreamName = 'events' | 'tagging' | 'upstream' | 'signals' | 'deadletter'

/** Subjects that are kept together, and how. */
export interface StreamDefinition {
  readonly name: StreamName
  readonly description: string
  readonly subjects: readonly string[]
  /** `durable`: refuses new messages when full. `best-effort`: lets the oldest go. */
  readonly delivery: 'durable' | 'best-effort'
  readonly maxAgeMs: number
  /** Null: as much as the server has room for. */
  readonly maxBytes: number | null
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/**
 * What keeps each subject. A flood of events cannot push out rule changes, nor a chatty worker an attacker's session;
 * dead letters outlive everything else, so that somebody can look at them.
 */
export const STREAMS: readonly StreamDefinition[] = [
  {
    name: 'events',
    description: 'raw events of sensors',
    subjects: ['ttp.event.>'],
    delivery: 'durable',
    maxAgeMs: 3 * DAY_MS,
    maxBytes: null,
  },
  {
    name: 'tagging',
    description: 'what the taggers found, and changes of rules',
    subjects: ['ttp.tagged', 'ttp.rule.>'],
    delivery: 'durable',
    maxAgeMs: 7 * DAY_MS,
    maxBytes: null,
  },
  {
    name: 'upstream',
    description: 'what other parts of the deception network have completed',
    subjects: ['attacker.session.>', 'attacker.intel.>', 'identity.>', 'credential.>', 'email.>', 'canary.>'],
    delivery: 'durable',
    maxAgeMs: 7 * DAY_MS,
    maxBytes: null,
  },
  {
    name: 'signals',
    description: 'what is worth little when it is old',
    subjects: ['attacker.observed', 'attacker.fingerprinted', 'system.>'],
    delivery: 'best-effort',
    maxAgeMs: HOUR_MS,
    maxBytes: 64 * 1024 * 1024,
  },
  {
    name: 'deadletter',
    description: 'messages that no consumer could handle, with the reason',
    subjects: ['deadletter.>'],
    delivery: 'durable',
    maxAgeMs: 30 * DAY_MS,
    maxBytes: null,
  },
]

/** For how long a repeated id on one subject is known as such: what JetStream does unless told otherwise. */
export const DUPLICATE_WINDOW_MS = 120_000

/**
 * The stream that keeps a subject.
 *
 * @throws BusError `no-stream`
 */
export function streamOfSubject(subject: string): StreamDefinition {
  const stream = STREAMS.find(({ subjects }) => subjects.some((pattern) => subjectMatches(pattern, subject)))
  if (stream !== undefined) return stream
  throw noStream(`no stream keeps the subject ${JSON.stringify(subject)}`)
}

/**
 * The one stream that keeps all that a pattern can match. A consumer reads one stream, so a pattern across two is refused
 * and not silently cut down to one.
 *
 * @throws BusError `no-stream`
 */
export function streamOfPattern(pattern: string): StreamDefinition {
  const stream = STREAMS.find(({ subjects }) => subjects.some((outer) => patternCovers(outer, pattern)))
  if (stream !== undefined) return stream
  throw noStream(`no single stream keeps all that the pattern ${JSON.stringify(pattern)} can match`)
}

function noStream(message: string): BusError {
  const kept = STREAMS.map(({ name, subjects }) => `${name}: ${subjects.join(' ')}`).join('; ')
  return new BusError('no-stream', message, { remedy: `Use subjects of one stream (${kept}).` })
}
