import { terminalSafe } from '../text/terminal-safe.js'
import { truncateEnd } from '../text/truncate.js'
import type { BusMessage, OutgoingMessage } from './bus.js'
import type { DeadLetterPayload } from './payloads.js'
import { deadLetter } from './subjects.js'

const LONGEST_REASON = 500

export interface DeadLetterCause {
  readonly reason: string
  /** Durable name of the consumer that gave up, or null. */
  readonly consumer: string | null
  readonly payloadBytes: number
  readonly maxPayloadBytes: number
}

/**
 * The message that tells of one that could not be handled. Two members of one consumer that give up on the same message
 * make the same letter, so it is kept once; two consumers make two. The reason may quote an attacker, so it is made safe
 * to print here.
 */
export function deadLetterOf(message: BusMessage, cause: DeadLetterCause): OutgoingMessage {
  const payload: DeadLetterPayload = {
    subject: message.subject,
    id: message.id,
    consumer: cause.consumer,
    reason: truncateEnd(terminalSafe(cause.reason), LONGEST_REASON),
    deliveries: message.deliveries,
    published_at: message.publishedAt.toISOString(),
    payload: cause.payloadBytes <= cause.maxPayloadBytes ? message.payload : null,
    payload_bytes: cause.payloadBytes,
  }
  return { subject: deadLetter(message.subject), id: `${cause.consumer ?? ''}:${message.id}`, payload }
}
