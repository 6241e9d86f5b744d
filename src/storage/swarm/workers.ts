import type { Database } from '../database.js'
import type { StorageQueries, WorkerTable } from '../schema.js'

/** A worker that has said nothing for so long is taken for dead, in milliseconds. */
export const SILENCE = 30_000

const ENDED: ReadonlySet<string> = new Set(['stopped', 'failed'])

/** A process of the swarm, and how long ago it told of itself. */
export interface KnownWorker extends WorkerTable {
  /** Milliseconds by the database's clock. */
  readonly silence: number
  readonly isAlive: boolean
}

/** What a worker tells of itself; the times are the database's. */
export type WorkerReport = Omit<WorkerTable, 'started_at' | 'heartbeat_at'>

/** Keeps what a worker tells of itself. */
export async function reportWorker(database: Pick<Database, 'transact'>, report: WorkerReport): Promise<void> {
  await database.transact(async ({ queries, now }) => {
    const time = (await now()).toISOString()
    await queries
      .insertInto('ttp_worker')
      .values({ ...report, started_at: time, heartbeat_at: time })
      .onConflict((conflict) => conflict.column('worker').doUpdateSet({ ...report, heartbeat_at: time }))
      .execute()
  })
}

/** Every worker that is remembered, by name. */
export async function knownWorkers(database: Pick<Database, 'snapshot' | 'now'>): Promise<readonly KnownWorker[]> {
  const now = (await database.now()).getTime()
  const rows = await database.snapshot((queries) =>
    queries.selectFrom('ttp_worker').selectAll().orderBy('worker').execute(),
  )
  return rows.map((row) => {
    const silence = Math.max(0, now - Date.parse(row.heartbeat_at))
    return { ...row, silence, isAlive: silence < SILENCE && !ENDED.has(row.state) }
  })
}

/** Forgets workers that have been gone since before a time. */
export async function forgetWorkers(queries: StorageQueries, before: Date): Promise<void> {
  await queries.deleteFrom('ttp_worker').where('heartbeat_at', '<', before.toISOString()).execute()
}
