import type { JsMsg } from '@nats-io/jetstream'
import type { BusMessage, MessageHandler, MessageOutcome } from '../bus.js'
import type { BusLog } from '../bus-log.js'
import { handleMessage, pauseAfter } from '../handle-message.js'
import type { ConnectionWatch } from './connection-watch.js'
import { decodeMessage } from './decode-message.js'
import type { Namespace } from './namespace.js'

export interface SettlementParts {
  readonly handler: MessageHandler
  readonly maxDeliveries: number
  readonly namespace: Namespace
  /** When the stream was made, in milliseconds since 1970. */
  readonly created: () => number
  readonly log: BusLog
  readonly watch: ConnectionWatch
  /** Keeps a dead letter; rejects where that is not certain. */
  readonly bury: (message: BusMessage, letter: { readonly reason: string; readonly bytes: number }) => Promise<void>
}

/**
 * Handles a message and tells the server what becomes of it; never throws. True if the consumer is done with it: a message
 * that could not be settled comes again after the ack wait.
 *
 * @param stop ends the wait for a server that is away
 */
export async function settleMessage(raw: JsMsg, parts: SettlementParts, stop: AbortSignal): Promise<boolean> {
  try {
    const { message, problem } = decodeMessage(raw, { namespace: parts.namespace, created: parts.created() })
    const outcome: MessageOutcome =
      problem === null ? await handleMessage(message, parts.handler, parts) : { kind: 'terminate', reason: problem }
    // An answer that is given while the server is away would be lost, and the message come again.
    await parts.watch.connected(stop)
    if (outcome.kind === 'retry') raw.nak(outcome.delayMs)
    else if (outcome.kind === 'ack') raw.ack()
    else await terminate(raw, message, { reason: outcome.reason, bury: parts.bury })
    return outcome.kind !== 'retry'
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error
    parts.log.warn({ stream_seq: raw.seq, error: name }, 'message could not be settled; it comes again')
    return false
  }
}

/** Lets go of the message only when its dead letter is kept. */
async function terminate(
  raw: JsMsg,
  message: BusMessage,
  { reason, bury }: { readonly reason: string; readonly bury: SettlementParts['bury'] },
): Promise<void> {
  try {
    await bury(message, { reason, bytes: raw.data.byteLength })
  } catch (error) {
    raw.nak(pauseAfter(message.deliveries))
    throw error
  }
  raw.term()
}
