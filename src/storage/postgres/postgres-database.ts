import { sql } from 'kysely'
import type { Pool } from 'pg'
import { checkChannel } from '../change-signal.js'
import type { Database, DatabaseTransaction } from '../database.js'
import type { StorageQueries } from '../schema.js'
import { PostgresBatchWriter } from './postgres-batch-writer.js'
import type { PostgresChangeSignal } from './postgres-change-signal.js'
import { toDatabaseError } from './postgres-error.js'
import { PostgresTagRepository } from './postgres-tag-repository.js'
import { type PostgresTransactions, queriesOn, SNAPSHOT } from './postgres-transactions.js'

export interface PostgresParts {
  readonly pool: Pool
  readonly queries: StorageQueries
  readonly transactions: PostgresTransactions
  readonly changes: PostgresChangeSignal
  readonly location: string
  /** Stands in for the server's clock. */
  readonly now: (() => Date) | undefined
}

/** A PostgreSQL database: a few connections, made when they are needed. */
export class PostgresDatabase implements Database {
  readonly dialect = 'postgres'
  readonly location: string
  readonly tags: PostgresTagRepository
  readonly queries: StorageQueries
  readonly changes: PostgresChangeSignal
  readonly #parts: PostgresParts
  readonly #writer: PostgresBatchWriter
  #closed: Promise<void> | undefined

  constructor(parts: PostgresParts) {
    this.location = parts.location
    this.#writer = new PostgresBatchWriter(parts.now)
    this.tags = new PostgresTagRepository({ ...parts, writer: this.#writer })
    this.queries = parts.queries
    this.changes = parts.changes
    this.#parts = parts
  }

  transact<Result>(work: (transaction: DatabaseTransaction) => Promise<Result>): Promise<Result> {
    return this.#parts.transactions.run(async (client) => {
      const channels = new Set<string>()
      const announce = (channel: string) => void channels.add(checkChannel(channel))
      const queries = queriesOn(client)
      const keep: DatabaseTransaction['keep'] = (batch) => this.#writer.write(client, batch)
      const result = await work({ queries, announce, keep, now: () => this.#time(queries) })
      for (const channel of channels) await client.query(`notify ${channel}`)
      return result
    })
  }

  snapshot<Result>(work: (queries: StorageQueries) => Promise<Result>): Promise<Result> {
    return this.#parts.transactions.run((client) => work(queriesOn(client)), SNAPSHOT)
  }

  async now(): Promise<Date> {
    try {
      return await this.#time(this.queries)
    } catch (error) {
      throw toDatabaseError(error, this.location)
    }
  }

  async #time(queries: StorageQueries): Promise<Date> {
    if (this.#parts.now !== undefined) return this.#parts.now()
    const clock = sql<{
      milliseconds: number
    }>`select floor(extract(epoch from clock_timestamp()) * 1000) as milliseconds`
    const { rows } = await clock.execute(queries)
    return new Date(rows[0]!.milliseconds)
  }

  close(): Promise<void> {
    this.#closed ??= Promise.all([this.changes.close(), this.#parts.pool.end()]).then(() => {})
    return this.#closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
