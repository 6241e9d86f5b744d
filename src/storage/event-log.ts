import type { TaggerEvent } from '../events/tagger-event.js'
import { eventOfRow } from './event-rows.js'
import type { EventTable, StorageQueries } from './schema.js'

/** Wakes whoever follows the kept events when there are new ones. */
export const EVENT_CHANNEL = 'ttp_event'

/** A kept event with its place. */
export interface LoggedEvent {
  readonly seq: number
  readonly streamSeq: number | null
  readonly event: TaggerEvent
}

/** Events that were kept after one, in the order of commits. */
export async function eventsAfter(queries: StorageQueries, seq: number, most: number): Promise<readonly LoggedEvent[]> {
  const rows = await queries
    .selectFrom('ttp_event')
    .selectAll()
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(most)
    .execute()
  return rows.map(loggedEvent)
}

/** The number of the event that was kept last; 0 before the first one. */
export async function lastEventSeq(queries: StorageQueries): Promise<number> {
  const row = await queries.selectFrom('ttp_sequence').select('last').where('name', '=', 'ttp_event').executeTakeFirst()
  return row?.last ?? 0
}

/** Which of the events that nobody has judged yet: those of one attacker, one event, or any. */
export type UnjudgedQuery = { readonly attackerUuid: string } | { readonly sourceId: string } | 'any'

export async function unjudgedEvents(
  queries: StorageQueries,
  which: UnjudgedQuery,
  most: number,
): Promise<readonly TaggerEvent[]> {
  let query = queries.selectFrom('ttp_event').selectAll().where('is_judged', '=', 0)
  if (which !== 'any') {
    query =
      'sourceId' in which
        ? query.where('source_id', '=', which.sourceId)
        : query.where('attacker_uuid', '=', which.attackerUuid)
  }
  const rows = await query.orderBy('seq').limit(most).execute()
  return rows.map(eventOfRow)
}

/** Says that events have been judged, inside the transaction that keeps their tags. */
export async function markJudged(queries: StorageQueries, events: readonly TaggerEvent[]): Promise<void> {
  if (events.length === 0) return
  await queries
    .updateTable('ttp_event')
    .set({ is_judged: 1 })
    .where(
      'source_id',
      'in',
      events.map(({ sourceId }) => sourceId),
    )
    .execute()
}

function loggedEvent(row: EventTable): LoggedEvent {
  return { seq: row.seq, streamSeq: row.stream_seq, event: eventOfRow(row) }
}
