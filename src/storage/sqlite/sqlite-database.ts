import type SqliteConnection from 'better-sqlite3'
import { checkChannel } from '../change-signal.js'
import type { Database, DatabaseTransaction } from '../database.js'
import type { StorageQueries } from '../schema.js'
import { SqliteBatchWriter } from './sqlite-batch-writer.js'
import { SqliteChangeSignal } from './sqlite-change-signal.js'
import { SqliteTagRepository } from './sqlite-tag-repository.js'
import { SNAPSHOT, type SqliteTransactions } from './sqlite-transactions.js'

export interface SqliteParts {
  readonly connection: SqliteConnection.Database
  readonly queries: StorageQueries
  readonly transactions: SqliteTransactions
  /** As the user named it. */
  readonly location: string
  /** Named in errors. */
  readonly file: string
  readonly now: () => Date
}

/** A SQLite database: one connection, which everything takes in turns. */
export class SqliteDatabase implements Database {
  readonly dialect = 'sqlite'
  readonly location: string
  readonly tags: SqliteTagRepository
  readonly queries: StorageQueries
  readonly changes: SqliteChangeSignal
  readonly #parts: SqliteParts
  readonly #writer: SqliteBatchWriter

  constructor(parts: SqliteParts) {
    this.location = parts.location
    this.#writer = new SqliteBatchWriter(parts.connection, parts.now)
    this.tags = new SqliteTagRepository({ ...parts, writer: this.#writer })
    this.queries = parts.queries
    this.changes = new SqliteChangeSignal(parts.connection)
    this.#parts = parts
  }

  async transact<Result>(work: (transaction: DatabaseTransaction) => Promise<Result>): Promise<Result> {
    const channels = new Set<string>()
    const announce = (channel: string) => void channels.add(checkChannel(channel))
    const now = () => this.now()
    const keep: DatabaseTransaction['keep'] = async (batch) => this.#writer.write(batch)
    const result = await this.#parts.transactions.run((queries) => work({ queries, announce, now, keep }))
    this.changes.wake(channels)
    return result
  }

  snapshot<Result>(work: (queries: StorageQueries) => Promise<Result>): Promise<Result> {
    const { connection, transactions } = this.#parts
    return transactions.run(async (queries) => {
      connection.pragma('query_only = on')
      try {
        return await work(queries)
      } finally {
        connection.pragma('query_only = off')
      }
    }, SNAPSHOT)
  }

  async now(): Promise<Date> {
    return this.#parts.now()
  }

  async close(): Promise<void> {
    this.changes.close()
    if (this.#parts.connection.open) this.#parts.connection.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
