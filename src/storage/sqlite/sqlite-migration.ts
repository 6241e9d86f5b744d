import type SqliteConnection from 'better-sqlite3'
import { type Kysely, Migrator } from 'kysely'
import { DatabaseError } from '../database-error.js'
import { MIGRATION_NAMES, migrationProvider } from '../migrations.js'
import type { StorageSchema } from '../schema.js'

const MIGRATION_TABLE = 'ttp_migration'

/**
 * Brings the tables of a database up to date. Does it all or not at all, and once, however many processes open the file.
 * @throws DatabaseError if a newer release has written it
 */
export async function migrateSqlite(
  connection: SqliteConnection.Database,
  queries: Kysely<StorageSchema>,
  file: string,
): Promise<void> {
  if (isUpToDate(connection, file)) return
  connection.exec('begin immediate')
  try {
    if (!isUpToDate(connection, file)) await runMigrations(queries)
    connection.exec('commit')
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback')
    throw error
  }
}

function isUpToDate(connection: SqliteConnection.Database, file: string): boolean {
  const applied = appliedMigrations(connection)
  const unknown = applied.find((name) => !MIGRATION_NAMES.includes(name))
  if (unknown !== undefined) {
    const remedy = 'Use that release or a newer one, or another file.'
    throw new DatabaseError('newer-schema', `${file} was written by a newer release (${unknown}).`, { remedy })
  }
  return applied.length === MIGRATION_NAMES.length
}

function appliedMigrations(connection: SqliteConnection.Database): readonly string[] {
  const table = connection.prepare('select 1 from sqlite_master where name = ?').get(MIGRATION_TABLE)
  if (table === undefined) return []
  return connection.prepare(`select name from ${MIGRATION_TABLE}`).pluck().all() as string[]
}

async function runMigrations(queries: Kysely<StorageSchema>): Promise<void> {
  const migrator = new Migrator({
    db: queries,
    provider: migrationProvider,
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: `${MIGRATION_TABLE}_lock`,
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
}
