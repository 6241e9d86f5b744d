import { hash } from 'node:crypto'
import { type EventRecord, eventRecord } from '../events/event-record.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { OutgoingMessage } from './bus.js'
import { MOST_EVENTS } from './payloads.js'
import { isSubjectToken } from './subject-token.js'
import { ttpEvent } from './subjects.js'

/** Events as the bus carries them. */
export interface EventMessages {
  readonly messages: readonly OutgoingMessage[]
  /** Events that no message can carry: too large, or of a kind whose name is no token of a subject. */
  readonly refused: readonly { readonly event: TaggerEvent; readonly reason: 'too-large' | 'bad-kind' }[]
}

/** What a message has beside its events, in bytes. */
const ENVELOPE_BYTES = 256
/** Event time that messages made together span at most, in milliseconds: well within what correlation waits for. */
const LONGEST_SPAN = 60_000

/**
 * Messages of `ttp.event.<kind>` that carry events, each of one kind and within the bounds of the bus. Events of one kind
 * change places with those of others only where they lie within a minute and 256 events. A message's id is made from those
 * of its events, so that the same ones in the same order are one message.
 */
export function eventMessages(events: readonly TaggerEvent[], maxPayloadBytes: number): EventMessages {
  const refused: EventMessages['refused'][number][] = []
  const messages: OutgoingMessage[] = []
  let group = new Group(maxPayloadBytes - ENVELOPE_BYTES)
  for (const event of events) {
    if (!isSubjectToken(event.sourceKind)) refused.push({ event, reason: 'bad-kind' })
    else if (!group.add(event)) {
      messages.push(...group.messages())
      group = new Group(maxPayloadBytes - ENVELOPE_BYTES)
      if (!group.add(event)) refused.push({ event, reason: 'too-large' })
    }
  }
  return { messages: [...messages, ...group.messages()], refused }
}

/** Events whose order across kinds does not matter. */
class Group {
  readonly #mostBytes: number
  readonly #byKind = new Map<string, EventRecord[]>()
  #events = 0
  #bytes = 0
  #first = Number.POSITIVE_INFINITY
  #last = Number.NEGATIVE_INFINITY

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  /** False where the event does not fit in, or is too large for any message. */
  add(event: TaggerEvent): boolean {
    const record = eventRecord(event)
    const bytes = Buffer.byteLength(JSON.stringify(record)) + 1
    const at = event.observedAt.getTime()
    const [first, last] = [Math.min(this.#first, at), Math.max(this.#last, at)]
    if (this.#events === MOST_EVENTS || this.#bytes + bytes > this.#mostBytes || last - first > LONGEST_SPAN)
      return false
    this.#events++
    this.#bytes += bytes
    this.#first = first
    this.#last = last
    const ofKind = this.#byKind.get(event.sourceKind)
    if (ofKind === undefined) this.#byKind.set(event.sourceKind, [record])
    else ofKind.push(record)
    return true
  }

  messages(): readonly OutgoingMessage[] {
    return [...this.#byKind].map(([kind, events]) => messageOf(kind, events))
  }
}

function messageOf(kind: string, events: readonly EventRecord[]): OutgoingMessage {
  const ids = events.map(({ source_id }) => source_id).join('\n')
  return { subject: ttpEvent(kind), id: hash('sha256', ids, 'hex').slice(0, 40), payload: { events } }
}
