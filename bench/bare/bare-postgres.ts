import type pg from 'pg'
import { type TagRow, tagFromRow } from '../../src/exports/tag-row.js'
import { openPostgresDatabase } from '../../src/storage/postgres/open-postgres-database.js'
import { eventArrays, INSERT_EVENTS } from '../../src/storage/postgres/postgres-event-statements.js'
import { createTagArrays, INSERT_TAGS } from '../../src/storage/postgres/postgres-tag-statements.js'
import type { EventTable, TagTable } from '../../src/storage/schema.js'
import { ScratchDatabase } from '../scratch-database.js'
import type { Workspace } from '../workspace.js'
import { EVENTS_AT_ONCE, inChunks, KEPT_EVENTS, KEPT_TAGS, type KeptRows, transactionsOf } from './kept-rows.js'

/** Rows that a worker hands to one statement. */
const ROWS = 1000

export async function keptInPostgres(database: ScratchDatabase): Promise<KeptRows> {
  return { events: await database.query<EventTable>(KEPT_EVENTS), tags: await database.query<TagTable>(KEPT_TAGS) }
}

/** Seconds that a worker's statements take in a plain loop whose parameters are there already, on tables of their own. */
export async function insertIntoPostgres(rows: KeptRows, workspace: Workspace): Promise<number> {
  await using database = workspace.own(await ScratchDatabase.create())
  await (await openPostgresDatabase(database.url)).close()
  const transactions = transactionsOf(rows).map(({ tags, events }, index) => [
    ...inChunks(tags, ROWS).map(insertTags),
    ...inChunks(events, ROWS).map((chunk, at) => insertEvents(chunk, index * EVENTS_AT_ONCE + at * ROWS)),
  ])
  await database.query('checkpoint')
  const started = performance.now()
  for (const statements of transactions) {
    await database.query('begin')
    for (const statement of statements) await database.query(statement)
    await database.query('commit')
  }
  return (performance.now() - started) / 1000
}

function insertTags(rows: readonly TagTable[]): pg.QueryConfig {
  const tagOf = (row: TagTable) => tagFromRow({ ...row, source_ip: null, evidence: JSON.parse(row.evidence) } as TagRow)
  return { ...INSERT_TAGS, values: createTagArrays()(rows.map(tagOf), null) }
}

function insertEvents(rows: readonly EventTable[], before: number): pg.QueryConfig {
  return { ...INSERT_EVENTS, values: eventArrays(rows, before, null) }
}
