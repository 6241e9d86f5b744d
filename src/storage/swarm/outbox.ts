import { randomUUID } from 'node:crypto'
import type { OutgoingMessage } from '../../bus/bus.js'
import type { Database, DatabaseTransaction } from '../database.js'

/** For how long whoever wrote or took messages has them for itself, in milliseconds. */
const CLAIM = 30_000

/** Messages of one commit. */
export interface OutboxEntry {
  readonly id: string
  readonly messages: readonly OutgoingMessage[]
}

/**
 * Keeps messages in the transaction whose results they tell. The caller has them for itself for half a minute; if it has
 * not removed them by then, anybody may publish them.
 */
export async function addToOutbox(
  { queries, now }: Pick<DatabaseTransaction, 'queries' | 'now'>,
  messages: readonly OutgoingMessage[],
): Promise<OutboxEntry> {
  const time = await now()
  const entry = { id: randomUUID(), messages }
  await queries
    .insertInto('ttp_outbox')
    .values({
      id: entry.id,
      messages: JSON.stringify(messages),
      created_at: time.toISOString(),
      claimed_until: claimFrom(time),
    })
    .execute()
  return entry
}

/** Takes messages whose time with somebody else is over, the oldest first; at most so many commits. */
export async function claimFromOutbox(database: Database, most: number): Promise<readonly OutboxEntry[]> {
  const time = await database.now()
  const stale = await database.snapshot((queries) =>
    queries
      .selectFrom('ttp_outbox')
      .select('id')
      .where('claimed_until', '<=', time.toISOString())
      .orderBy('claimed_until')
      .limit(most)
      .execute(),
  )
  if (stale.length === 0) return []
  return database.transact(async ({ queries }) => {
    const claimed = await queries
      .updateTable('ttp_outbox')
      .set({ claimed_until: claimFrom(time) })
      .where(
        'id',
        'in',
        stale.map(({ id }) => id),
      )
      .where('claimed_until', '<=', time.toISOString())
      .returning(['id', 'messages'])
      .execute()
    return claimed.map(({ id, messages }) => ({ id, messages: JSON.parse(messages) as readonly OutgoingMessage[] }))
  })
}

/** Forgets messages that have been published. */
export async function removeFromOutbox(database: Database, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await database.transact(({ queries }) =>
    queries
      .deleteFrom('ttp_outbox')
      .where('id', 'in', [...ids])
      .execute(),
  )
}

/** How long the oldest messages have been waiting, in milliseconds; 0 where none do. */
export async function outboxAge(database: Database): Promise<number> {
  const { oldest } = await database.snapshot((queries) =>
    queries
      .selectFrom('ttp_outbox')
      .select((row) => row.fn.min('created_at').as('oldest'))
      .executeTakeFirstOrThrow(),
  )
  return oldest === null ? 0 : Math.max(0, (await database.now()).getTime() - Date.parse(oldest))
}

function claimFrom(time: Date): string {
  return new Date(time.getTime() + CLAIM).toISOString()
}
