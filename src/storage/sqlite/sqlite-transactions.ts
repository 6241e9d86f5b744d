import { setTimeout } from 'node:timers/promises'
import type SqliteConnection from 'better-sqlite3'
import type { StorageQueries } from '../schema.js'
import { isLocked, toDatabaseError } from './sqlite-error.js'

/** How long a writer waits for another to end, in milliseconds. */
export const LOCK_TIMEOUT = 10_000
/** Milliseconds between two looks whether the lock is free, at most. */
export const LONGEST_PAUSE = 10

export const WRITE = 'begin immediate'
export const SNAPSHOT = 'begin'

export interface SqliteTransactionsOptions {
  readonly connection: SqliteConnection.Database
  readonly queries: StorageQueries
  /** Named in errors. */
  readonly file: string
}

/** Runs transactions on one connection, one after the other. */
export class SqliteTransactions {
  readonly #options: SqliteTransactionsOptions

  constructor(options: SqliteTransactionsOptions) {
    this.#options = options
  }

  /**
   * Runs `work` in a transaction. Kysely lends the connection to one user at a time, so no statement of another gets into
   * it, to be undone with it.
   * @throws DatabaseError, or what `work` threw
   */
  async run<Result>(work: (queries: StorageQueries) => Result | Promise<Result>, begin = WRITE): Promise<Result> {
    const { connection, queries, file } = this.#options
    return queries.connection().execute(async (own) => {
      try {
        await this.#begin(begin)
        const result = await work(own)
        connection.exec('commit')
        return result
      } catch (error) {
        if (connection.inTransaction) connection.exec('rollback')
        throw toDatabaseError(error, file)
      }
    })
  }

  /**
   * SQLite's own wait would hold up the whole process, and with it a transaction of this process on another connection,
   * whose end it waits for.
   */
  async #begin(begin: string): Promise<void> {
    const { connection } = this.#options
    const deadline = performance.now() + LOCK_TIMEOUT
    connection.pragma('busy_timeout = 0')
    try {
      while (!tryBegin(connection, begin, performance.now() < deadline)) {
        await setTimeout(Math.random() * LONGEST_PAUSE)
      }
    } finally {
      if (connection.open) connection.pragma(`busy_timeout = ${LOCK_TIMEOUT}`)
    }
  }
}

/** Whether it has begun; where it may not be repeated, a lock is an error. */
function tryBegin(connection: SqliteConnection.Database, begin: string, mayRepeat: boolean): boolean {
  try {
    connection.exec(begin)
    return true
  } catch (error) {
    if (mayRepeat && isLocked(error)) return false
    throw error
  }
}
