import { sql } from 'kysely'
import { DatabaseError } from '../database-error.js'
import { appliedMigrations, applyMigrations, isUpToDate, MIGRATION_TABLE } from '../migrate.js'
import type { StorageQueries } from '../schema.js'
import { type PostgresTransactions, queriesOn } from './postgres-transactions.js'

/** "ttpt": the advisory lock that keeps processes which start at once from making the same tables. */
const MIGRATION_LOCK = 0x74747074

export interface PostgresMigrationOptions {
  readonly queries: StorageQueries
  readonly transactions: PostgresTransactions
  readonly location: string
  readonly mustExist: boolean
}

/**
 * Brings the tables of a database up to date. Does it all or not at all, and once, however many processes start at once.
 * @throws DatabaseError if a newer release has written it, or if it has no tables and must have them
 */
export async function migratePostgres(options: PostgresMigrationOptions): Promise<void> {
  const { queries, transactions, location, mustExist } = options
  if (await isPrepared(queries, options)) return
  if (mustExist && !(await hasTables(queries))) {
    const remedy = 'Name one that `serve`, `worker`, `tag --db` or `rules sync` has made.'
    throw new DatabaseError('no-tables', `There are no tags in ${location}.`, { remedy })
  }
  await transactions.run(async (client) => {
    const own = queriesOn(client)
    await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(own)
    if (!(await isPrepared(own, options))) await applyMigrations(own, 'postgres')
  })
}

async function isPrepared(queries: StorageQueries, { location }: { readonly location: string }): Promise<boolean> {
  return (await hasTables(queries)) && isUpToDate(await appliedMigrations(queries), location)
}

async function hasTables(queries: StorageQueries): Promise<boolean> {
  const found = await sql<{ known: boolean }>`select to_regclass(${MIGRATION_TABLE}) is not null as known`.execute(
    queries,
  )
  return found.rows[0]!.known
}
