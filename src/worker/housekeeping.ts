import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '../storage/database.js'
import { firstUnread } from '../storage/events/event-log.js'
import type { StorageQueries } from '../storage/schema.js'
import { Lease, LeaseLostError } from '../storage/swarm/lease.js'
import { forgetWorkers } from '../storage/swarm/workers.js'
import { isTransient } from '../storage/transient-error.js'
import { dropOldEvents } from '../storage/upkeep/retention.js'
import { describeError, type TaggingLog } from '../tagging/tolerant-tagger.js'
import { readCorrelation } from './correlation/correlation-place.js'

const DAY = 86_400_000
/** Between two rounds, in milliseconds. */
const INTERVAL = 600_000
/** How long a worker that is gone is remembered. */
const WORKER_MEMORY = 3_600_000

export interface HousekeepingOptions {
  readonly database: Database
  /** For how many days events are kept. */
  readonly rawEventDays: number
  /** How long the role lasts without a sign of its holder, in milliseconds. */
  readonly leaseDuration?: number
  readonly log: TaggingLog
}

/** Drops what is too old, on one worker of the swarm, until the signal aborts. */
export async function keepHouse(
  { database, rawEventDays, leaseDuration: duration, log }: HousekeepingOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await using lease = await Lease.acquire(database, { name: 'housekeeping', signal, duration })
      while (!signal.aborted && !lease.lost.aborted) {
        await cleanUp(database, { rawEventDays, lease, signal, log })
        await delay(INTERVAL, undefined, { signal })
      }
    } catch (error) {
      if (signal.aborted) return
      if (!isTransient(error) && !(error instanceof LeaseLostError)) throw error
      log.warn({ error: describeError(error) }, 'housekeeping was interrupted; it goes on later')
      await delay(INTERVAL / 10, undefined, { signal }).catch(() => {})
    }
  }
}

interface Round {
  readonly rawEventDays: number
  readonly lease: Lease
  readonly signal: AbortSignal
  readonly log: TaggingLog
}

async function cleanUp(database: Database, { rawEventDays, lease, signal, log }: Round): Promise<void> {
  const now = (await database.now()).getTime()
  const until = await database.snapshot(readUntil)
  const dropped = await dropOldEvents(database, {
    before: new Date(now - rawEventDays * DAY),
    until,
    guard: lease.guard,
    signal,
  })
  await database.transact(async (transaction) => {
    await lease.guard(transaction)
    await forgetWorkers(transaction.queries, new Date(now - WORKER_MEMORY))
  })
  if (dropped > 0) log.info({ dropped }, 'events that were too old have been dropped')
}

/** Up to where nobody has to read the log any more. */
async function readUntil(queries: StorageQueries): Promise<number> {
  const correlation = await readCorrelation(queries)
  if (correlation === null) return Number.MAX_SAFE_INTEGER
  const first = await firstUnread(queries, correlation.place)
  return first === null ? Number.MAX_SAFE_INTEGER : first - 1
}
