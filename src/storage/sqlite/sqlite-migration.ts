import type SqliteConnection from 'better-sqlite3'
import { applyMigrations, isUpToDate, MIGRATION_TABLE } from '../migrate.js'
import type { SqliteTransactions } from './sqlite-transactions.js'

/**
 * Brings the tables of a database up to date. Does it all or not at all, and once, however many processes open the file.
 * @throws DatabaseError if a newer release has written it
 */
export async function migrateSqlite(
  connection: SqliteConnection.Database,
  transactions: SqliteTransactions,
  file: string,
): Promise<void> {
  const isDone = () => isUpToDate(appliedMigrations(connection), file)
  if (isDone()) return
  await transactions.run(async (queries) => {
    if (!isDone()) await applyMigrations(queries, 'sqlite')
  })
}

/** Not through Kysely, which takes a while to start: most opens find everything done. */
function appliedMigrations(connection: SqliteConnection.Database): readonly string[] {
  const table = connection.prepare('select 1 from sqlite_master where name = ?').get(MIGRATION_TABLE)
  if (table === undefined) return []
  return connection.prepare(`select name from ${MIGRATION_TABLE}`).pluck().all() as string[]
}
