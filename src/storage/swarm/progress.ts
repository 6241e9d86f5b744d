import { gunzipSync, gzipSync } from 'node:zlib'
import type { DatabaseTransaction } from '../database.js'
import type { StorageQueries } from '../schema.js'

/** How far a job has come, and what it needs to go on. */
export interface Progress {
  readonly position: number
  /** Whatever JSON can hold. */
  readonly state: unknown
}

/** What was kept last; null where nothing was. */
export async function readProgress(queries: StorageQueries, name: string): Promise<Progress | null> {
  const row = await queries.selectFrom('ttp_progress').selectAll().where('name', '=', name).executeTakeFirst()
  if (row === undefined) return null
  return { position: row.position, state: row.state === null ? null : unpack(row.state) }
}

/** Keeps how far a job has come, inside a transaction of the caller's. */
export async function keepProgress(
  { queries, now }: Pick<DatabaseTransaction, 'queries' | 'now'>,
  name: string,
  { position, state }: Progress,
): Promise<void> {
  const saved_at = (await now()).toISOString()
  const row = { name, position, state: state === null ? null : pack(state), saved_at }
  await queries
    .insertInto('ttp_progress')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ position, state: row.state, saved_at }))
    .execute()
}

/** A state may take tens of megabytes as JSON and a tenth of that packed. */
function pack(state: unknown): string {
  return gzipSync(JSON.stringify(state), { level: 1 }).toString('base64')
}

function unpack(packed: string): unknown {
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString())
}
