import type { Database, DatabaseTransaction } from '../database.js'

/** Rows that one transaction deletes: others get their turn in between. */
const ROWS_AT_ONCE = 1000

export interface RetentionOptions {
  /** Events that were kept before it are dropped, by the database's clock. */
  readonly before: Date
  /** Events behind this place in the log stay, whatever their age: somebody has still to read them. */
  readonly until: number
  /** Called first in each transaction; throws where that must not be. */
  readonly guard?: (transaction: DatabaseTransaction) => Promise<void>
  readonly signal?: AbortSignal
}

/** Drops kept events that are too old, the oldest first; their tags stay. Answers how many that were. */
export async function dropOldEvents(database: Database, options: RetentionOptions): Promise<number> {
  let dropped = 0
  for (;;) {
    options.signal?.throwIfAborted()
    const count = await database.transact((transaction) => dropSome(transaction, options))
    dropped += count
    if (count < ROWS_AT_ONCE) return dropped
  }
}

/** Events are numbered in the order in which they were kept, so the old ones stand at the begin and need no index. */
async function dropSome(transaction: DatabaseTransaction, { before, until, guard }: RetentionOptions): Promise<number> {
  await guard?.(transaction)
  const { queries } = transaction
  const first = await queries
    .selectFrom('ttp_event')
    .select(['seq', 'stored_at'])
    .where('seq', '<=', until)
    .orderBy('seq')
    .limit(ROWS_AT_ONCE)
    .execute()
  const young = first.findIndex(({ stored_at }) => stored_at >= before.toISOString())
  const old = young === -1 ? first : first.slice(0, young)
  if (old.length === 0) return 0
  await queries.deleteFrom('ttp_event').where('seq', '<=', old.at(-1)!.seq).execute()
  return old.length
}
