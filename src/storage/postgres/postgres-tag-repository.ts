import type { ClientBase } from 'pg'
import { createIsoTime } from '../../exports/iso-time.js'
import type { Tag } from '../../tagging/tag.js'
import { readTag } from '../read-tag.js'
import type { StorageQueries } from '../schema.js'
import { Sightings } from '../sightings.js'
import type { StoredTag, TagRepository } from '../tag-repository.js'
import { toDatabaseError } from './postgres-error.js'
import { writeSightings } from './postgres-sighting-writer.js'
import { createTagArrays, INSERT_TAGS } from './postgres-tag-statements.js'
import type { PostgresTransactions } from './postgres-transactions.js'

/** Rows that one statement inserts: bounds what is in memory twice. Measured; fewer and more are slower. */
const CHUNK_SIZE = 1000

export interface PostgresTagRepositoryOptions {
  readonly queries: StorageQueries
  readonly transactions: PostgresTransactions
  /** Named in errors. */
  readonly location: string
  /** Stands in for the server's clock. */
  readonly now: (() => Date) | undefined
}

/** Tags in PostgreSQL, through prepared statements that take a column as an array. */
export class PostgresTagRepository implements TagRepository {
  readonly #options: PostgresTagRepositoryOptions
  readonly #tagArrays = createTagArrays()
  readonly #isoTime = createIsoTime()

  constructor(options: PostgresTagRepositoryOptions) {
    this.#options = options
  }

  async insert(tags: readonly Tag[]): Promise<readonly Tag[]> {
    if (tags.length === 0) return []
    return this.#options.transactions.run((client) => this.#insertInTransaction(client, tags))
  }

  async tagByUuid(uuid: string): Promise<StoredTag | null> {
    const { queries, location } = this.#options
    try {
      return await readTag(queries, uuid)
    } catch (error) {
      throw toDatabaseError(error, location)
    }
  }

  async #insertInTransaction(client: ClientBase, tags: readonly Tag[]): Promise<readonly Tag[]> {
    const fresh = await this.#insertTags(client, inLockOrder(tags))
    const inserted: Tag[] = []
    const sightings = new Sightings()
    for (const tag of tags) {
      // The first of several with one uuid is the one that was kept.
      const isNew = fresh.delete(tag.uuid)
      if (isNew) inserted.push(tag)
      sightings.add(tag, this.#isoTime(tag.observedAt.getTime()), isNew)
    }
    await writeSightings(client, sightings)
    return inserted
  }

  /** The uuids of those that were not there before. */
  async #insertTags(client: ClientBase, tags: readonly Tag[]): Promise<Set<string>> {
    const createdAt = this.#options.now?.().toISOString() ?? null
    const fresh = new Set<string>()
    for (let at = 0; at < tags.length; at += CHUNK_SIZE) {
      const values = this.#tagArrays(tags.slice(at, at + CHUNK_SIZE), createdAt)
      const { rows } = await client.query<{ uuid: string }>({ ...INSERT_TAGS, values })
      for (const { uuid } of rows) fresh.add(uuid)
    }
    return fresh
  }
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
