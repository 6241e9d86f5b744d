import type { BusMessage, MessageHandler, MessageOutcome } from './bus.js'
import type { BusLog } from './bus-log.js'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 30_000
const LONGEST_DELAY_MS = 86_400_000
const KINDS: ReadonlySet<unknown> = new Set<MessageOutcome['kind']>(['ack', 'retry', 'terminate'])

export interface HandlingOptions {
  readonly maxDeliveries: number
  readonly log: BusLog
}

/**
 * Gives a message to its handler and answers what becomes of it; never throws. A handler that throws asks for a retry.
 * Whatever would come again after its last delivery is terminated: also a message whose earlier handlers never answered,
 * because it takes its process down; that one is not tried once more.
 */
export async function handleMessage(
  message: BusMessage,
  handler: MessageHandler,
  { maxDeliveries, log }: HandlingOptions,
): Promise<MessageOutcome> {
  if (message.deliveries > maxDeliveries) {
    return { kind: 'terminate', reason: `no answer to any of ${message.deliveries - 1} deliveries` }
  }
  const { outcome, why } = await answerTo(message, handler, log)
  if (outcome.kind !== 'retry') return outcome
  if (message.deliveries < maxDeliveries) return { kind: 'retry', delayMs: boundedDelay(outcome.delayMs) }
  return { kind: 'terminate', reason: `gave up after ${message.deliveries} deliveries: ${why}` }
}

/** The pause after a delivery that failed, in milliseconds: 100, 200, 400, … up to 30 s. */
export function pauseAfter(deliveries: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, deliveries - 1))
}

async function answerTo(
  message: BusMessage,
  handler: MessageHandler,
  log: BusLog,
): Promise<{ readonly outcome: MessageOutcome; readonly why: string }> {
  try {
    const outcome = await handler(message)
    if (!KINDS.has(outcome?.kind)) throw new TypeError('the handler answered with no outcome')
    return { outcome, why: 'the handler asked for another retry' }
  } catch (error) {
    const { subject, deliveries } = message
    // The class only: a message of an error may quote what an attacker typed.
    const name = error instanceof Error ? error.name : typeof error
    log.warn({ subject, deliveries, error: name }, 'handler failed; the message comes again')
    return { outcome: { kind: 'retry', delayMs: pauseAfter(deliveries) }, why: `the handler failed: ${wordsOf(error)}` }
  }
}

/** Timers take no more than a day of this; a negative or missing delay is none. */
function boundedDelay(delayMs: number): number {
  return delayMs > 0 ? Math.min(delayMs, LONGEST_DELAY_MS) : 0
}

/** Whatever was thrown: not every value has a text. */
function wordsOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `a thrown ${typeof error}`
}
