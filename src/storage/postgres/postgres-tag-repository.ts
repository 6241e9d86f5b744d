import type { Tag } from '../../tagging/tag.js'
import { readTag } from '../read-tag.js'
import type { StorageQueries } from '../schema.js'
import type { StoredTag, TagRepository } from '../tag-repository.js'
import type { PostgresBatchWriter } from './postgres-batch-writer.js'
import { toDatabaseError } from './postgres-error.js'
import type { PostgresTransactions } from './postgres-transactions.js'

export interface PostgresTagRepositoryOptions {
  readonly queries: StorageQueries
  readonly transactions: PostgresTransactions
  readonly writer: PostgresBatchWriter
  /** Named in errors. */
  readonly location: string
}

/** Tags in PostgreSQL. */
export class PostgresTagRepository implements TagRepository {
  readonly #options: PostgresTagRepositoryOptions

  constructor(options: PostgresTagRepositoryOptions) {
    this.#options = options
  }

  async insert(tags: readonly Tag[]): Promise<readonly Tag[]> {
    if (tags.length === 0) return []
    const { transactions, writer } = this.#options
    return (await transactions.run((client) => writer.write(client, { tags, events: [] }))).tags
  }

  async tagByUuid(uuid: string): Promise<StoredTag | null> {
    const { queries, location } = this.#options
    try {
      return await readTag(queries, uuid)
    } catch (error) {
      throw toDatabaseError(error, location)
    }
  }
}
