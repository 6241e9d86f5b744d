import type { OutgoingMessage } from '../bus/bus.js'
import { count, measure } from '../observability/metrics.js'
import { withSpan } from '../observability/tracing.js'
import type { Batch, KeptBatch } from '../storage/batch.js'
import type { Database, DatabaseTransaction } from '../storage/database.js'
import { EVENT_CHANNEL } from '../storage/events/event-log.js'
import { addToOutbox, type OutboxEntry } from '../storage/swarm/outbox.js'
import type { Tag } from '../tagging/tag.js'
import { firedMessage, suppressedMessage, taggedMessages } from './announcements.js'
import type { FiringLimit } from './firing-limit.js'
import type { OutboxRelay } from './outbox-relay.js'

export interface BatchKeeperOptions {
  readonly database: Database
  /** How new tags are announced; null to keep them in silence. */
  readonly announcing: { readonly relay: OutboxRelay; readonly limit: FiringLimit } | null
}

/** Something more that belongs into the transaction of a batch. */
export type Alongside = (transaction: DatabaseTransaction) => Promise<void>

const NOTHING_ALONGSIDE: Alongside = async () => {}

/**
 * Keeps batches, each in one transaction together with what is to be announced of it, and announces it afterwards. Only
 * tags that were not there before are announced, so a replay says nothing.
 */
export class BatchKeeper {
  readonly #options: BatchKeeperOptions

  constructor(options: BatchKeeperOptions) {
    this.#options = options
  }

  /**
   * Resolves when the batch is committed; answers what of it was new.
   *
   * @param alongside is run first in the transaction, perhaps more than once; what it throws undoes everything
   * @throws DatabaseError, or what `alongside` threw
   */
  async keep(batch: Batch, alongside: Alongside = NOTHING_ALONGSIDE): Promise<KeptBatch> {
    const { database, announcing } = this.#options
    const attributes = { 'ttp.tags': batch.tags.length, 'ttp.events': batch.events.length }
    const started = performance.now()
    return withSpan('ttp.tag.write', attributes, async () => {
      const announced = new Map<string, readonly OutgoingMessage[]>()
      const { kept, entry } = await database.transact(async (transaction) => {
        await alongside(transaction)
        const kept = await transaction.keep(batch)
        if (kept.events.length > 0) transaction.announce(EVENT_CHANNEL)
        const messages = this.#messagesOf(kept.tags, announced)
        const entry: OutboxEntry | null = messages.length === 0 ? null : await addToOutbox(transaction, messages)
        return { kept, entry }
      })
      count('ttp.tag.written', {}, kept.tags.length)
      measure('ttp.tag.write_ms', performance.now() - started)
      if (entry !== null) announcing?.relay.publishSoon(entry)
      return kept
    })
  }

  /** Tells what a rate limit has held back. With `all`, also of the minute that is not over. */
  async tellSuppressed(all = false): Promise<void> {
    const { database, announcing } = this.#options
    if (announcing === null) return
    const { limit, relay } = announcing
    const suppressed = limit.takeSuppressed(all)
    if (suppressed.length === 0) return
    const messages = suppressed.map(suppressedMessage)
    count(
      'ttp.rule.suppressed',
      {},
      suppressed.reduce((sum, held) => sum + held.count, 0),
    )
    relay.publishSoon(await database.transact((transaction) => addToOutbox(transaction, messages)))
  }

  /** A transaction that is run again must not be counted twice by the limit: what it allowed the first time stands. */
  #messagesOf(tags: readonly Tag[], announced: Map<string, readonly OutgoingMessage[]>): readonly OutgoingMessage[] {
    const { announcing } = this.#options
    if (announcing === null) return []
    const fired = tags.flatMap((tag) => {
      let messages = announced.get(tag.uuid)
      if (messages === undefined) {
        messages = announcing.limit.allow(tag) ? [firedMessage(tag)] : []
        announced.set(tag.uuid, messages)
      }
      return messages
    })
    return [...taggedMessages(tags), ...fired]
  }
}
