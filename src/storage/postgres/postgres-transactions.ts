import { setTimeout } from 'node:timers/promises'
import { Kysely, PostgresDialect } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { DatabaseError } from '../database-error.js'
import type { StorageQueries, StorageSchema } from '../schema.js'
import { StoredTextPlugin } from '../stored-text-plugin.js'
import { isConflict, isConnectionLost, toDatabaseError } from './postgres-error.js'

/** How often a transaction is tried before its error is told. */
const MAX_ATTEMPTS = 8
/** Milliseconds before the second attempt at most; doubled each time, so that rivals part. */
const FIRST_PAUSE = 10

export const READ_COMMITTED = 'begin isolation level read committed'
export const SNAPSHOT = 'begin isolation level repeatable read read only'

/** Runs transactions on connections of a pool. */
export class PostgresTransactions {
  readonly #pool: Pool
  readonly #location: string

  constructor(pool: Pool, location: string) {
    this.#pool = pool
    this.#location = location
  }

  /**
   * Runs `work` in a transaction, again from its start where the server gave up on it because of others, or where the
   * connection broke before the commit was asked for. Where it breaks during the commit, nobody knows whether that
   * happened, and the error says so.
   * @throws DatabaseError, or what `work` threw
   */
  async run<Result>(work: (client: PoolClient) => Promise<Result>, begin = READ_COMMITTED): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#runOnce(work, begin)
      } catch (error) {
        const mayRepeat = isConflict(error) || isConnectionLost(error)
        if (!mayRepeat || attempt === MAX_ATTEMPTS) throw toDatabaseError(error, this.#location)
        await setTimeout(Math.random() * FIRST_PAUSE * 2 ** attempt)
      }
    }
  }

  async #runOnce<Result>(work: (client: PoolClient) => Promise<Result>, begin: string): Promise<Result> {
    const client = await this.#pool.connect()
    let isBroken = false
    try {
      await client.query(begin)
      const result = await work(client)
      await this.#commit(client)
      return result
    } catch (error) {
      isBroken = !(await rollBack(client))
      throw error
    } finally {
      client.release(isBroken)
    }
  }

  async #commit(client: PoolClient): Promise<void> {
    const { command } = await client.query('commit').catch((error: unknown) => {
      throw isConnectionLost(error) ? this.#uncertain(error) : error
    })
    if (command === 'COMMIT') return
    const remedy = 'This is an error of this program: a failed statement was taken for a success.'
    throw new DatabaseError('failed', `The transaction was undone: ${this.#location}`, { remedy })
  }

  #uncertain(cause: unknown): DatabaseError {
    const message = `The connection was lost during a commit, which may have happened: ${this.#location}`
    return new DatabaseError('connection-lost', message, { remedy: 'Run this again: nothing is stored twice.', cause })
  }
}

/** Queries on one connection, inside the transaction that it is in. */
export function queriesOn(client: PoolClient): StorageQueries {
  const query = client.query.bind(client)
  const lent = { query, release: () => {} }
  const dialect = new PostgresDialect({ pool: { connect: async () => lent, end: async () => {} } })
  return new Kysely<StorageSchema>({ dialect, plugins: [new StoredTextPlugin()] })
}

/** Whether the connection is fit for use again. */
async function rollBack(client: PoolClient): Promise<boolean> {
  try {
    await client.query('rollback')
    return true
  } catch {
    return false
  }
}
