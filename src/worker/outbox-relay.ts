import { setTimeout as delay } from 'node:timers/promises'
import type { Bus } from '../bus/bus.js'
import { count, measure } from '../observability/metrics.js'
import { withSpan } from '../observability/tracing.js'
import type { Database } from '../storage/database.js'
import { claimFromOutbox, type OutboxEntry, removeFromOutbox } from '../storage/swarm/outbox.js'
import { describeError, type TaggingLog } from '../tagging/tolerant-tagger.js'

/** Between two looks for messages that somebody left behind, in milliseconds. */
const SWEEP_INTERVAL = 1000
/** Commits whose messages are taken at once. */
const MOST_CLAIMED = 50
/** Commits whose messages are on their way at once; of more, the later ones are left to the sweep. */
const MOST_ON_THE_WAY = 64

export interface OutboxRelayOptions {
  readonly database: Database
  readonly bus: Bus
  readonly log: TaggingLog
}

/**
 * Publishes what was committed: what this process has just written at once, and what anybody left behind when its claim is
 * over. A message that was published and not yet removed when its publisher died is published again, under the same id.
 */
export class OutboxRelay {
  readonly #options: OutboxRelayOptions
  readonly #onTheWay = new Set<Promise<void>>()
  readonly #stop = new AbortController()
  #sweeping: Promise<void> = Promise.resolve()

  constructor(options: OutboxRelayOptions) {
    this.#options = options
  }

  /** Begins to look for what was left behind. */
  start(): void {
    this.#sweeping = this.#sweepOn()
  }

  /** Publishes an entry that this process has the claim on. Never rejects: what fails is left to a sweep. */
  publishSoon(entry: OutboxEntry): void {
    if (entry.messages.length === 0 || this.#onTheWay.size >= MOST_ON_THE_WAY) return
    const started = performance.now()
    const going = this.#publish(entry)
      .then((isDone) => {
        if (isDone) measure('ttp.announce.latency_ms', performance.now() - started)
      })
      .finally(() => this.#onTheWay.delete(going))
    this.#onTheWay.add(going)
  }

  /** Publishes what was left behind; answers how many commits that were. */
  async sweep(): Promise<number> {
    const entries = await claimFromOutbox(this.#options.database, MOST_CLAIMED)
    await Promise.all(entries.map((entry) => this.#publish(entry)))
    return entries.length
  }

  /** Waits for what is on its way, then ends. */
  async close(): Promise<void> {
    this.#stop.abort()
    await this.#sweeping
    await Promise.all(this.#onTheWay)
  }

  /** Whether it is out. */
  async #publish({ id, messages }: OutboxEntry): Promise<boolean> {
    const { database, bus, log } = this.#options
    try {
      await withSpan('ttp.bus.publish', { 'ttp.messages': messages.length }, () =>
        Promise.all(messages.map((message) => bus.publish(message))),
      )
      count('ttp.bus.published', {}, messages.length)
      await removeFromOutbox(database, [id])
      return true
    } catch (error) {
      log.warn({ messages: messages.length, error: describeError(error) }, 'announcements wait to be made again')
      return false
    }
  }

  async #sweepOn(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      let taken = 0
      try {
        taken = await this.sweep()
      } catch (error) {
        this.#options.log.warn({ error: describeError(error) }, 'the outbox could not be read; trying again')
      }
      if (taken < MOST_CLAIMED) await delay(SWEEP_INTERVAL, undefined, { signal }).catch(() => {})
    }
  }
}
