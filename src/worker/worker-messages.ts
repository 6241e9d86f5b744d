import type { Bus, BusMessage, ConsumerProgress, MessageOutcome, Subscription } from '../bus/bus.js'
import { pauseAfter } from '../bus/handle-message.js'
import { ttpEvents } from '../bus/subjects.js'
import { isTransient } from '../storage/transient-error.js'
import { describeError, type TaggingLog } from '../tagging/tolerant-tagger.js'
import { keepTrying } from './keep-trying.js'
import { WORKER_SUBSCRIPTIONS, type WorkerSubscription } from './subscriptions.js'
import { takeEventMessage } from './take-event-message.js'
import { UnreadableMessageError, UPSTREAM, type UpstreamParts } from './upstream.js'

/** A message that takes its worker down so often is given up. */
const MOST_DELIVERIES = 20

export interface WorkerMessagesOptions {
  readonly bus: Bus
  readonly parts: UpstreamParts
  readonly log: TaggingLog
  /** Aborted when the worker leaves: then nobody waits for a database that is away, and messages go back. */
  readonly leaving: AbortSignal
  /** Told where a subscription ends that nobody has closed. */
  readonly onEnded: (subject: string) => void
}

/** What a worker reads from the bus, all of it together. */
export class WorkerMessages {
  readonly #options: WorkerMessagesOptions
  readonly #subscriptions = new Map<string, Subscription>()
  #lastPending = 0

  constructor(options: WorkerMessagesOptions) {
    this.#options = options
  }

  /** @throws BusError */
  async subscribe(): Promise<void> {
    for (const subscription of WORKER_SUBSCRIPTIONS) await this.#subscribe(subscription)
  }

  /** Messages still to be handled by all workers; while the bus does not tell, as many as it told last. */
  async pending(): Promise<number> {
    try {
      const pending = await Promise.all([...this.#subscriptions.values()].map((subscription) => subscription.pending()))
      this.#lastPending = pending.reduce((sum, count) => sum + count, 0)
    } catch (error) {
      this.#options.log.warn({ error: describeError(error) }, 'the bus does not tell what waits in it')
    }
    return this.#lastPending
  }

  /** How far all workers have come in the stream of events. */
  eventProgress(): Promise<ConsumerProgress> {
    return this.#subscriptions.get(ttpEvents())!.progress()
  }

  /** Takes no more, and waits for what is being handled. */
  async close(): Promise<void> {
    await Promise.all([...this.#subscriptions.values()].map((subscription) => subscription.close()))
  }

  async #subscribe({ subject, ...how }: WorkerSubscription): Promise<void> {
    const { bus, leaving, onEnded } = this.#options
    const handle = subject === ttpEvents() ? this.#takeEvents : this.#takeUpstream(subject)
    const subscription = await bus.subscribe(subject, handle, { ...how, maxDeliveries: MOST_DELIVERIES })
    this.#subscriptions.set(subject, subscription)
    void subscription.closed.then(() => {
      if (!leaving.aborted) onEnded(subject)
    })
  }

  readonly #takeEvents = (message: BusMessage): Promise<MessageOutcome> => {
    const { bus, log, leaving, parts } = this.#options
    return takeEventMessage(message, { tagger: parts.tagger, bus, log, signal: leaving })
  }

  #takeUpstream(subject: string): (message: BusMessage) => Promise<MessageOutcome> {
    const handle = UPSTREAM.get(subject)
    if (handle === undefined) throw new Error(`nobody handles ${subject}`)
    const { parts, log, leaving } = this.#options
    return async (message) => {
      try {
        await keepTrying(() => handle(message, parts), { signal: leaving, log })
        return { kind: 'ack' }
      } catch (error) {
        if (error instanceof UnreadableMessageError) return { kind: 'terminate', reason: error.message }
        if (isTransient(error)) return { kind: 'retry', delayMs: pauseAfter(message.deliveries) }
        throw error
      }
    }
  }
}
