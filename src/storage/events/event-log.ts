import type { TaggerEvent } from '../../events/tagger-event.js'
import type { EventTable, StorageQueries } from '../schema.js'
import { eventOfRow } from './event-rows.js'

/** Wakes whoever follows the kept events when there are new ones. */
export const EVENT_CHANNEL = 'ttp_event'

/** A kept event with its place. */
export interface LoggedEvent {
  readonly seq: number
  readonly streamSeq: number | null
  readonly event: TaggerEvent
}

/** How far the kept events were read in the order of their times. */
export interface TimePlace {
  /** ISO 8601 in UTC. */
  readonly observedAt: string
  readonly seq: number
}

/**
 * Events behind a place in the order of their times.
 *
 * @param until those that were kept later are left out
 */
export async function eventsByTime(
  queries: StorageQueries,
  { observedAt, seq }: TimePlace,
  { until, most }: { readonly until: number; readonly most: number },
): Promise<readonly LoggedEvent[]> {
  const rows = await queries
    .selectFrom('ttp_event')
    .selectAll()
    .where('observed_at', '>=', observedAt)
    .where((row) => row.or([row('observed_at', '>', observedAt), row('seq', '>', seq)]))
    .where('seq', '<=', until)
    .orderBy('observed_at')
    .orderBy('seq')
    .limit(most)
    .execute()
  return rows.map(loggedEvent)
}

/** How far the kept events were read: in the order of their stream, and those that came by none in that of commits. */
export interface LogPlace {
  readonly streamSeq: number
  readonly seq: number
}

/**
 * Events behind a place that came by a stream, in its order, as far as that is finished: what several workers have kept in
 * another order comes in this one.
 *
 * @param finishedUntil everything of the stream up to here is kept
 */
export async function streamedEventsAfter(
  queries: StorageQueries,
  { streamSeq }: LogPlace,
  { finishedUntil, most }: { readonly finishedUntil: number; readonly most: number },
): Promise<readonly LoggedEvent[]> {
  const rows = await queries
    .selectFrom('ttp_event')
    .selectAll()
    .where('stream_seq', '>', streamSeq)
    .where('stream_seq', '<=', finishedUntil)
    .orderBy('stream_seq')
    .orderBy('seq')
    .limit(most)
    .execute()
  return rows.map(loggedEvent)
}

/** Events behind a place that came by no stream, in the order of commits. */
export async function directEventsAfter(
  queries: StorageQueries,
  { seq }: LogPlace,
  most: number,
): Promise<readonly LoggedEvent[]> {
  const rows = await queries
    .selectFrom('ttp_event')
    .selectAll()
    .where('seq', '>', seq)
    .where('stream_seq', 'is', null)
    .orderBy('seq')
    .limit(most)
    .execute()
  return rows.map(loggedEvent)
}

/** How many events are behind a place, and the number of the first of them; null where there is none. */
export async function unreadEvents(
  queries: StorageQueries,
  { streamSeq, seq }: LogPlace,
): Promise<{ readonly count: number; readonly first: number | null }> {
  const counted = queries
    .selectFrom('ttp_event')
    .select((row) => [row.fn.countAll<number>().as('count'), row.fn.min('seq').as('first')])
  const streamed = await counted.where('stream_seq', '>', streamSeq).executeTakeFirstOrThrow()
  const direct = await counted.where('seq', '>', seq).where('stream_seq', 'is', null).executeTakeFirstOrThrow()
  const firsts = [streamed.first, direct.first].filter((first) => first !== null)
  return { count: streamed.count + direct.count, first: firsts.length === 0 ? null : Math.min(...firsts) }
}

/** The number of the last event that is kept; 0 where none is. */
export async function lastEventSeq(queries: StorageQueries): Promise<number> {
  const { last } = await queries
    .selectFrom('ttp_event')
    .select((row) => row.fn.max('seq').as('last'))
    .executeTakeFirstOrThrow()
  return last ?? 0
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
