import type { Tag } from '../../tagging/tag.js'
import { readTag } from '../read-tag.js'
import type { StorageQueries } from '../schema.js'
import type { StoredTag, TagRepository } from '../tag-repository.js'
import type { SqliteBatchWriter } from './sqlite-batch-writer.js'
import { toDatabaseError } from './sqlite-error.js'
import type { SqliteTransactions } from './sqlite-transactions.js'

export interface SqliteTagRepositoryOptions {
  readonly queries: StorageQueries
  readonly transactions: SqliteTransactions
  readonly writer: SqliteBatchWriter
  /** Named in errors. */
  readonly file: string
}

/** Tags in SQLite. */
export class SqliteTagRepository implements TagRepository {
  readonly #options: SqliteTagRepositoryOptions

  constructor(options: SqliteTagRepositoryOptions) {
    this.#options = options
  }

  async insert(tags: readonly Tag[]): Promise<readonly Tag[]> {
    if (tags.length === 0) return []
    const { transactions, writer } = this.#options
    return (await transactions.run(() => writer.write({ tags, events: [] }))).tags
  }

  async tagByUuid(uuid: string): Promise<StoredTag | null> {
    const { queries, file } = this.#options
    try {
      return await readTag(queries, uuid)
    } catch (error) {
      throw toDatabaseError(error, file)
    }
  }
}
