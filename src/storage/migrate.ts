import { type Kysely, sql } from 'kysely'
import type { DatabaseDialect } from './database.js'
import { DatabaseError } from './database-error.js'
import { MIGRATIONS } from './migrations.js'
import type { StorageQueries } from './schema.js'

/** The table that names the migrations that were applied. */
export const MIGRATION_TABLE = 'ttp_migration'

interface MigrationSchema {
  [MIGRATION_TABLE]: { name: string; timestamp: string }
}

const TEXT_TYPES = { sqlite: 'text' as const, postgres: sql<string>`text collate "C"` }

/**
 * Whether a database has every migration, by the names of those that it has.
 * @throws DatabaseError if a newer release has written it
 */
export function isUpToDate(applied: readonly string[], location: string): boolean {
  const unknown = applied.find((name) => !Object.hasOwn(MIGRATIONS, name))
  if (unknown !== undefined) {
    const remedy = 'Use that release or a newer one, or another database.'
    throw new DatabaseError('newer-schema', `${location} was written by a newer release (${unknown}).`, { remedy })
  }
  return applied.length === Object.keys(MIGRATIONS).length
}

/** Applies what is missing, inside a transaction of the caller's that keeps all others from doing the same meanwhile. */
export async function applyMigrations(queries: StorageQueries, dialect: DatabaseDialect): Promise<void> {
  const database = queries as unknown as Kysely<MigrationSchema>
  const text = TEXT_TYPES[dialect]
  await database.schema
    .createTable(MIGRATION_TABLE)
    .ifNotExists()
    .addColumn('name', text, (column) => column.primaryKey().notNull())
    .addColumn('timestamp', text, (column) => column.notNull())
    .execute()
  const applied = new Set(await appliedMigrations(queries))
  for (const [name, migrate] of Object.entries(MIGRATIONS)) {
    if (applied.has(name)) continue
    await migrate({ database: queries as unknown as Kysely<unknown>, dialect, text })
    await database.insertInto(MIGRATION_TABLE).values({ name, timestamp: new Date().toISOString() }).execute()
  }
}

/** The names of the migrations that a database has, which must have the table of them. */
export async function appliedMigrations(queries: StorageQueries): Promise<readonly string[]> {
  const database = queries as unknown as Kysely<MigrationSchema>
  const rows = await database.selectFrom(MIGRATION_TABLE).select('name').execute()
  return rows.map(({ name }) => name)
}
