import type { ClientBase } from 'pg'
import { chunks } from '../../collections/chunks.js'
import { createIsoTime } from '../../exports/iso-time.js'
import type { Tag } from '../../tagging/tag.js'
import type { Batch, KeptBatch, NewEventRow } from '../batch.js'
import { seenIn } from '../events/event-columns.js'
import { Sightings } from '../sightings.js'
import { storedKey } from '../stored-text.js'
import { eventArrays, INSERT_EVENTS, TAKE_NUMBERS } from './postgres-event-statements.js'
import { writeSightings } from './postgres-sighting-writer.js'
import { createTagArrays, INSERT_TAGS } from './postgres-tag-statements.js'

/** Rows that one statement inserts: bounds what is in memory twice. Measured; fewer and more are slower. */
const CHUNK_SIZE = 1000

/**
 * Keeps batches through prepared statements that take a column as an array. Locks are taken in one order by all: tags by
 * their uuids, the counter of events, then the rows of attackers, sessions and deckies; so nobody waits in a circle.
 */
export class PostgresBatchWriter {
  readonly #now: (() => Date) | undefined
  readonly #tagArrays = createTagArrays()
  readonly #isoTime = createIsoTime()

  /** @param now stands in for the server's clock */
  constructor(now: (() => Date) | undefined) {
    this.#now = now
  }

  /** To be called inside a transaction. */
  async write(client: ClientBase, { tags, events }: Batch): Promise<KeptBatch> {
    const time = this.#now?.().toISOString() ?? null
    const sightings = new Sightings()
    const freshTags = await this.#insertTags(client, inLockOrder(tags), time)
    const newTags = tags.filter((tag) => {
      // The first of several with one uuid is the one that was kept.
      const isNew = freshTags.delete(tag.uuid)
      sightings.addTag(tag, this.#isoTime(tag.observedAt.getTime()), isNew)
      return isNew
    })
    const freshEvents = await insertEvents(client, events, time)
    const newEvents = events.filter((row) => {
      const isNew = freshEvents.delete(storedKey(row.source_id))
      if (isNew) sightings.addEvent(seenIn(row), row.observed_at)
      return isNew
    })
    await writeSightings(client, sightings)
    return { tags: newTags, events: newEvents }
  }

  /** The uuids of those that were not there before. */
  async #insertTags(client: ClientBase, tags: readonly Tag[], createdAt: string | null): Promise<Set<string>> {
    const fresh = new Set<string>()
    for (const some of chunks(tags, CHUNK_SIZE)) {
      const values = this.#tagArrays(some, createdAt)
      const { rows } = await client.query<{ uuid: string }>({ ...INSERT_TAGS, values })
      for (const { uuid } of rows) fresh.add(uuid)
    }
    return fresh
  }
}

/** The stored ids of those that were not there before. */
async function insertEvents(
  client: ClientBase,
  events: readonly NewEventRow[],
  storedAt: string | null,
): Promise<Set<string>> {
  const fresh = new Set<string>()
  if (events.length === 0) return fresh
  const taken = await client.query<{ last: number }>({ ...TAKE_NUMBERS, values: [events.length] })
  let before = taken.rows[0]!.last - events.length
  for (const some of chunks(events, CHUNK_SIZE)) {
    const values = eventArrays(some, before, storedAt)
    before += some.length
    const { rows } = await client.query<{ source_id: string }>({ ...INSERT_EVENTS, values })
    for (const { source_id } of rows) fresh.add(source_id)
  }
  return fresh
}

/**
 * Each tag once, sorted by uuid: a writer waits for another that has inserted the same one and not committed yet, and
 * two that insert in different orders would wait for each other.
 */
function inLockOrder(tags: readonly Tag[]): readonly Tag[] {
  const first = new Map<string, Tag>()
  for (const tag of tags) if (!first.has(tag.uuid)) first.set(tag.uuid, tag)
  return [...first.values()].sort((left, right) => (left.uuid < right.uuid ? -1 : 1))
}
