import { Kysely, PostgresDialect, sql } from 'kysely'
import type { Database } from '../database.js'
import type { StorageQueries, StorageSchema } from '../schema.js'
import { StoredTextPlugin } from '../stored-text-plugin.js'
import { PostgresChangeSignal } from './postgres-change-signal.js'
import { PostgresDatabase } from './postgres-database.js'
import { toDatabaseError } from './postgres-error.js'
import { postgresLocation } from './postgres-location.js'
import { migratePostgres } from './postgres-migration.js'
import { createPostgresClient, createPostgresPool } from './postgres-pool.js'
import { PostgresTransactions } from './postgres-transactions.js'
import { requireUsableServer, type ServerFacts } from './usable-server.js'

export interface PostgresOptions {
  /** Stands in for the server's clock, which `created_at` and `now()` read. */
  readonly now?: () => Date
  /** Refuse to make the tables where there are none: whoever only reads them does not want new ones. Default false. */
  readonly mustExist?: boolean
  /** Connections opened at most, besides one for each channel that is listened to. Default 4. */
  readonly connections?: number
}

/**
 * Opens a PostgreSQL database (15 or newer) and brings its tables up to date. Any number of processes may do so and use
 * it at once. When the server drops a connection or restarts, the next use connects again.
 * @param url `postgres://USER:PASSWORD@HOST:PORT/DATABASE`; `?options=-c%20search_path%3DSCHEMA` names another schema
 * @throws DatabaseError
 */
export async function openPostgresDatabase(url: string, options: PostgresOptions = {}): Promise<Database> {
  const location = postgresLocation(url)
  const { now, mustExist = false, ...poolOptions } = options
  const pool = createPostgresPool({ url, ...poolOptions })
  try {
    const queries = new Kysely<StorageSchema>({
      dialect: new PostgresDialect({ pool }),
      plugins: [new StoredTextPlugin()],
    })
    requireUsableServer(await serverFacts(queries), location)
    const transactions = new PostgresTransactions(pool, location)
    await migratePostgres({ queries, transactions, location, mustExist })
    const changes = new PostgresChangeSignal({ createClient: () => createPostgresClient(url), location })
    return new PostgresDatabase({ pool, queries, transactions, changes, location, now })
  } catch (error) {
    await pool.end()
    throw toDatabaseError(error, location)
  }
}

async function serverFacts(queries: StorageQueries): Promise<ServerFacts> {
  const { rows } = await sql<ServerFacts>`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding
  `.execute(queries)
  return rows[0]!
}
