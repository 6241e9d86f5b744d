import type { Bus, BusMessage, MessageOutcome } from '../bus/bus.js'
import { deadLetterOf } from '../bus/dead-letter.js'
import { pauseAfter } from '../bus/handle-message.js'
import { readEventMessage } from '../bus/read-event-message.js'
import { maskPayload } from '../events/mask-payload.js'
import type { Payload, TaggerEvent } from '../events/tagger-event.js'
import { count } from '../observability/metrics.js'
import { isTransient } from '../storage/transient-error.js'
import type { TaggingLog } from '../tagging/tolerant-tagger.js'
import { encodeEvent } from '../telemetry/events/encode-event.js'
import type { EventTagger } from './event-tagger.js'
import { keepTrying } from './keep-trying.js'

export interface TakeEventMessageParts {
  readonly tagger: EventTagger
  readonly bus: Bus
  readonly log: TaggingLog
  /** Ends the waiting for a database that is away; the message goes back then. */
  readonly signal: AbortSignal
}

/**
 * Has the events of a message judged and kept. What of it cannot be read, or the database will never take, goes to the dead
 * letters by itself, with the reason; the rest of the message is none the worse for it.
 */
export async function takeEventMessage(message: BusMessage, parts: TakeEventMessageParts): Promise<MessageOutcome> {
  const { events, refused } = readEventMessage(message)
  const poison = [...refused]
  try {
    for (const { event, reason } of await keepAll(events, message.position, parts)) {
      poison.push({ item: JSON.parse(encodeEvent(event)), reason })
    }
  } catch (error) {
    if (!isTransient(error)) throw error
    return { kind: 'retry', delayMs: pauseAfter(message.deliveries) }
  }
  if (poison.length > 0) {
    count('ttp.events.refused', { reason: 'dead-letter' }, poison.length)
    parts.log.warn({ subject: message.subject, events: poison.length }, 'events go to the dead letters')
  }
  for (const [index, { item, reason }] of poison.entries()) await bury(message, { item, reason, index }, parts.bus)
  return { kind: 'ack' }
}

interface Unkept {
  readonly event: TaggerEvent
  readonly reason: string
}

/** Keeps the events; where they cannot be kept together, each by itself. Answers those that cannot be kept at all. */
async function keepAll(
  events: readonly TaggerEvent[],
  streamSeq: number,
  { tagger, signal, log }: TakeEventMessageParts,
): Promise<readonly Unkept[]> {
  const keep = (some: readonly TaggerEvent[]) =>
    keepTrying(() => tagger.submit({ events: some, streamSeq }), { signal, log })
  try {
    await keep(events)
    return []
  } catch (error) {
    if (isTransient(error)) throw error
  }
  const unkept: Unkept[] = []
  for (const event of events) {
    try {
      await keep([event])
    } catch (error) {
      if (isTransient(error)) throw error
      const { name, message } = error as Error
      unkept.push({ event, reason: `it cannot be kept: ${name}: ${message}` })
    }
  }
  return unkept
}

async function bury(
  message: BusMessage,
  { item, reason, index }: { readonly item: unknown; readonly reason: string; readonly index: number },
  bus: Bus,
): Promise<void> {
  const payload = { events: [masked(item)] }
  const letter = deadLetterOf(
    { ...message, id: `${message.id.slice(0, 100)}:${index}`, payload },
    {
      reason,
      consumer: 'tagger',
      payloadBytes: Buffer.byteLength(JSON.stringify(payload)),
      maxPayloadBytes: bus.capabilities.maxPayloadBytes,
    },
  )
  await bus.publish(letter)
}

/** A dead letter is kept for a month, for people to read: passwords in the event are none of theirs. */
function masked(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || !('payload' in item)) return item
  const { payload } = item
  const isRecord = typeof payload === 'object' && payload !== null && !Array.isArray(payload)
  return isRecord ? { ...item, payload: maskPayload(payload as Payload) } : item
}
