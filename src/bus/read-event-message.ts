import type { TaggerEvent } from '../events/tagger-event.js'
import { EventsDecoder } from '../telemetry/events/events-decoder.js'
import type { BusMessage } from './bus.js'

/** What a message of `ttp.event.<kind>` holds. */
export interface ReadEvents {
  readonly events: readonly TaggerEvent[]
  /** What is no event, or of another kind than the subject says, and why. */
  readonly refused: readonly { readonly item: unknown; readonly reason: string }[]
}

const decoder = new EventsDecoder({ sourceKinds: null })

/**
 * Reads the events of a message. The kind must be that of the subject: whoever may publish only some subjects must not
 * get another kind past that. A message without a list of events is one refused item.
 */
export function readEventMessage({ subject, payload }: Pick<BusMessage, 'subject' | 'payload'>): ReadEvents {
  const items = isRecord(payload) && Array.isArray(payload.events) ? (payload.events as readonly unknown[]) : null
  if (items === null) return { events: [], refused: [{ item: payload, reason: 'the message has no list of events' }] }
  const events: TaggerEvent[] = []
  const refused: ReadEvents['refused'][number][] = []
  for (const item of items) {
    const event = readEvent(item, subject)
    if (typeof event === 'string') refused.push({ item, reason: event })
    else events.push(event)
  }
  return { events, refused }
}

/** The event, or what is wrong with it. */
function readEvent(item: unknown, subject: string): TaggerEvent | string {
  if (!isRecord(item)) return 'an event is a JSON object'
  const decoded = decoder.decodeObject(item)
  if (decoded.kind === 'refused') return decoded.problem.message
  if (decoded.kind !== 'events') return 'it is no event'
  const [event] = decoded.events
  return subject.endsWith(`.${event!.sourceKind}`) ? event! : 'its source_kind is another than that of the subject'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
