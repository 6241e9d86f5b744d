import type { DatabaseTransaction } from '../../storage/database.js'
import type { LogPlace } from '../../storage/events/event-log.js'
import type { StorageQueries } from '../../storage/schema.js'
import { CORRELATION_JOB } from '../../storage/swarm/jobs.js'
import { keepProgress, readProgress } from '../../storage/swarm/progress.js'

/** Under which it is kept how far events were read that came by no stream. */
const DIRECT = `${CORRELATION_JOB} direct`

/** How far the kept events have been correlated, and what is unfinished of them; null where that never began. */
export async function readCorrelation(
  queries: StorageQueries,
): Promise<{ readonly place: LogPlace; readonly state: unknown } | null> {
  const streamed = await readProgress(queries, CORRELATION_JOB)
  if (streamed === null) return null
  const direct = await readProgress(queries, DIRECT)
  return { place: { streamSeq: streamed.position, seq: direct?.position ?? 0 }, state: streamed.state }
}

/** Keeps both, inside a transaction of the caller's. */
export async function keepCorrelation(
  transaction: DatabaseTransaction,
  place: LogPlace,
  state: unknown,
): Promise<void> {
  await keepProgress(transaction, CORRELATION_JOB, { position: place.streamSeq, state })
  await keepProgress(transaction, DIRECT, { position: place.seq, state: null })
}
