import { existsSync } from 'node:fs'
import SqliteConnection from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { DatabaseError } from '../database-error.js'
import type { StorageSchema } from '../schema.js'
import type { TagDatabase } from '../tag-repository.js'
import { toDatabaseError } from './sqlite-error.js'
import { sqliteLocation } from './sqlite-location.js'
import { migrateSqlite } from './sqlite-migration.js'
import { SqliteTagRepository } from './sqlite-tag-repository.js'

/** "ttpt", in the file's header: tells our databases from those of other programs. */
const APPLICATION_ID = 0x74747074
/** How long a statement waits for another process that writes, in milliseconds. */
const BUSY_TIMEOUT = 10_000
/** Kibibytes of pages kept in memory; twice as many save 5 % of the processor time of a long run. */
const CACHE_KIBIBYTES = 32_768
/** Pages in the write-ahead log before they are moved: fewer, larger moves, since index pages repeat. */
const CHECKPOINT_PAGES = 20_000

export interface SqliteOptions {
  /** The clock that `created_at` reads. */
  readonly now?: () => Date
  /** Ends the file's growth, so that it cannot fill a disk; in pages of 4096 bytes. */
  readonly maxPages?: number
  /** Refuse to make a database that is not there: whoever only reads one does not want a new one. Default false. */
  readonly mustExist?: boolean
}

/**
 * Opens a SQLite database, makes it if it is not there, and brings its tables up to date. Several processes may use one
 * file at once. A process killed at any moment leaves the file whole, without the transaction that it was in.
 * @param url `sqlite:PATH`, `sqlite::memory:`, or a path
 * @throws DatabaseError
 */
export async function openSqliteDatabase(url: string, options: SqliteOptions = {}): Promise<TagDatabase> {
  const file = sqliteLocation(url)
  if (options.mustExist === true && !existsSync(file)) {
    throw new DatabaseError('no-such-file', `There is no database ${file}.`, {
      remedy: `Name the one that \`tag --db\` wrote.`,
    })
  }
  let connection: SqliteConnection.Database | undefined
  try {
    connection = new SqliteConnection(file, { timeout: BUSY_TIMEOUT })
    prepareConnection(connection, file, options)
    const queries = new Kysely<StorageSchema>({ dialect: new SqliteDialect({ database: connection }) })
    await migrateSqlite(connection, queries, file)
    return databaseOf(connection, queries, file, options)
  } catch (error) {
    connection?.close()
    throw toDatabaseError(error, file)
  }
}

function prepareConnection(connection: SqliteConnection.Database, file: string, { maxPages }: SqliteOptions): void {
  refuseOtherPrograms(connection, file)
  connection.pragma('journal_mode = WAL')
  connection.pragma('synchronous = NORMAL')
  connection.pragma('foreign_keys = ON')
  connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  connection.pragma(`cache_size = -${CACHE_KIBIBYTES}`)
  if (maxPages !== undefined) connection.pragma(`max_page_count = ${maxPages}`)
  connection.pragma(`application_id = ${APPLICATION_ID}`)
}

function refuseOtherPrograms(connection: SqliteConnection.Database, file: string): void {
  if (connection.pragma('application_id', { simple: true }) === APPLICATION_ID) return
  if (connection.prepare('select 1 from sqlite_master limit 1').get() === undefined) return
  const remedy = 'Name another file, or one that does not exist yet.'
  throw new DatabaseError('other-database', `${file} is a database of another program.`, { remedy })
}

function databaseOf(
  connection: SqliteConnection.Database,
  queries: Kysely<StorageSchema>,
  file: string,
  { now = () => new Date() }: SqliteOptions,
): TagDatabase {
  const close = async () => {
    if (connection.open) connection.close()
  }
  return { tags: new SqliteTagRepository({ connection, file, now }), queries, close, [Symbol.asyncDispose]: close }
}
