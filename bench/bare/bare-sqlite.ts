import SqliteConnection from 'better-sqlite3'
import { EVENT_COLUMNS } from '../../src/storage/events/event-columns.js'
import type { EventTable, TagTable } from '../../src/storage/schema.js'
import { openSqliteDatabase } from '../../src/storage/sqlite/open-sqlite-database.js'
import { INSERT_EVENT, INSERT_TAG } from '../../src/storage/sqlite/sqlite-batch-writer.js'
import { TAG_COLUMNS } from '../../src/storage/tag-columns.js'
import { KEPT_EVENTS, KEPT_TAGS, type KeptRows, transactionsOf } from './kept-rows.js'

/** Those with which the database is opened for tags. */
const PRAGMAS = [
  'journal_mode = WAL',
  'synchronous = NORMAL',
  'foreign_keys = ON',
  'wal_autocheckpoint = 20000',
  'cache_size = -32768',
]

/** A new file with the tables and pragmas of the program. */
export async function openBareSqlite(file: string): Promise<SqliteConnection.Database> {
  await (await openSqliteDatabase(`sqlite:${file}`)).close()
  const connection = new SqliteConnection(file)
  for (const pragma of PRAGMAS) connection.pragma(pragma)
  return connection
}

export function keptInSqlite(file: string): KeptRows {
  const connection = new SqliteConnection(file, { readonly: true })
  const events = connection.prepare(KEPT_EVENTS).all() as EventTable[]
  const tags = connection.prepare(KEPT_TAGS).all() as TagTable[]
  connection.close()
  return { events, tags }
}

/** Seconds that a worker's statements take in a plain loop whose parameters are there already, up to the closed file. */
export async function insertIntoSqlite(rows: KeptRows, file: string): Promise<number> {
  const transactions = transactionsOf(rows).map(({ tags, events }) => ({
    tags: tags.map((row) => TAG_COLUMNS.map((column) => row[column])),
    events: events.map((row) => EVENT_COLUMNS.map((column) => row[column])),
  }))
  const connection = await openBareSqlite(file)
  const [insertTag, insertEvent] = [connection.prepare(INSERT_TAG), connection.prepare(INSERT_EVENT)]
  const insertAll = connection.transaction(({ tags, events }: (typeof transactions)[number]) => {
    for (const row of tags) insertTag.run(...row)
    for (const row of events) insertEvent.run(...row)
  })
  const started = performance.now()
  for (const transaction of transactions) insertAll.immediate(transaction)
  connection.close()
  return (performance.now() - started) / 1000
}
