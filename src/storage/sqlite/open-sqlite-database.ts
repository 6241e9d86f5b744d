import { closeSync, existsSync, openSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import SqliteConnection from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import type { Database } from '../database.js'
import { DatabaseError } from '../database-error.js'
import type { StorageSchema } from '../schema.js'
import { StoredTextPlugin } from '../stored-text-plugin.js'
import { SqliteDatabase } from './sqlite-database.js'
import { isLocked, toDatabaseError } from './sqlite-error.js'
import { sqliteLocation } from './sqlite-location.js'
import { migrateSqlite } from './sqlite-migration.js'
import { LOCK_TIMEOUT, LONGEST_PAUSE, SqliteTransactions } from './sqlite-transactions.js'

/** "ttpt", in the file's header: tells our databases from those of other programs. */
const APPLICATION_ID = 0x74747074
/** Kibibytes of pages kept in memory; twice as many save 5 % of the processor time of a long run. */
const CACHE_KIBIBYTES = 32_768
/** Pages in the write-ahead log before they are moved: fewer, larger moves, since index pages repeat. */
const CHECKPOINT_PAGES = 20_000

export interface SqliteOptions {
  /** Stands in for the clock that `created_at` and `now()` read. */
  readonly now?: () => Date
  /** Ends the file's growth, so that it cannot fill a disk; in pages of 4096 bytes. */
  readonly maxPages?: number
  /**
   * Whether what was committed outlives a power cut, too, which costs a sync of the disk for each commit. Default false:
   * a process that dies loses nothing either way.
   */
  readonly outlivesPowerCuts?: boolean
  /** Refuse to make a database that is not there: whoever only reads one does not want a new one. Default false. */
  readonly mustExist?: boolean
}

/**
 * Opens a SQLite database, makes it if it is not there, and brings its tables up to date. Several processes may use one
 * file at once. A process killed at any moment leaves the file whole, without the transaction that it was in.
 * @param url `sqlite:PATH`, `sqlite::memory:`, or a path
 * @throws DatabaseError
 */
export async function openSqliteDatabase(url: string, options: SqliteOptions = {}): Promise<Database> {
  const file = sqliteLocation(url)
  if (options.mustExist === true && !existsSync(file)) {
    throw new DatabaseError('no-such-file', `There is no database ${file}.`, {
      remedy: 'Name one that `serve`, `worker`, `tag --db` or `rules sync` has made.',
    })
  }
  let connection: SqliteConnection.Database | undefined
  try {
    makePrivate(file)
    connection = new SqliteConnection(file, { timeout: LOCK_TIMEOUT })
    await whileLocked(connection, (own) => prepareConnection(own, file, options))
    const queries = new Kysely<StorageSchema>({
      dialect: new SqliteDialect({ database: connection }),
      plugins: [new StoredTextPlugin()],
    })
    const transactions = new SqliteTransactions({ connection, queries, file })
    await migrateSqlite(connection, transactions, file)
    const { now = () => new Date() } = options
    return new SqliteDatabase({ connection, queries, transactions, location: url, file, now })
  } catch (error) {
    connection?.close()
    throw toDatabaseError(error, file)
  }
}

/** What attackers wrote is not for everybody on this machine: a new file is its owner's, and so are those beside it. */
function makePrivate(file: string): void {
  if (file === ':memory:' || existsSync(file)) return
  try {
    closeSync(openSync(file, 'a', 0o600))
  } catch {
    // SQLite fails at the same, and its error is told.
  }
}

/** Two processes that make one file wait for each other; switching its journal is not among what SQLite waits for by itself. */
async function whileLocked(
  connection: SqliteConnection.Database,
  work: (connection: SqliteConnection.Database) => void,
): Promise<void> {
  const deadline = performance.now() + LOCK_TIMEOUT
  for (;;) {
    try {
      work(connection)
      return
    } catch (error) {
      if (!isLocked(error) || performance.now() > deadline) throw error
      await delay(Math.random() * LONGEST_PAUSE)
    }
  }
}

function prepareConnection(
  connection: SqliteConnection.Database,
  file: string,
  { maxPages, outlivesPowerCuts = false }: SqliteOptions,
): void {
  refuseOtherPrograms(connection, file)
  connection.pragma('journal_mode = WAL')
  connection.pragma(`synchronous = ${outlivesPowerCuts ? 'FULL' : 'NORMAL'}`)
  connection.pragma('foreign_keys = ON')
  // What was taken out is not to lie on in free pages.
  connection.pragma('secure_delete = ON')
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
