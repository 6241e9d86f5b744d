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
  place: LogPlace,
  { finishedUntil, most }: { readonly finishedUntil: number; readonly most: number },
): Promise<readonly LoggedEvent[]> {
  const rows = await unread(queries, place)
    .streamed.selectAll()
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
  place: LogPlace,
  most: number,
): Promise<readonly LoggedEvent[]> {
  const rows = await unread(queries, place).direct.selectAll().orderBy('seq').limit(most).execute()
  return rows.map(loggedEvent)
}

/** What is behind a place, in its two orders. */
function unread(queries: StorageQueries, { streamSeq, seq }: LogPlace) {
  const events = queries.selectFrom('ttp_event')
  return {
    streamed: events.where('stream_seq', '>', streamSeq),
    direct: events.where('seq', '>', seq).where('stream_seq', 'is', null),
  }
}

/**
 * How many events are behind a place, counted up to some.
 *
 * @param most counted in each of the two orders: whoever is far behind asks often, and must not read all of it each time
 */
export async function countUnread(queries: StorageQueries, place: LogPlace, most: number): Promise<number> {
  let sum = 0
  for (const events of Object.values(unread(queries, place))) {
    const { count } = await queries
      .selectFrom(events.select('seq').limit(most).as('unread'))
      .select((row) => row.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    sum += count
  }
  return sum
}

/** The number of the first event behind a place; null where there is none. */
export async function firstUnread(queries: StorageQueries, place: LogPlace): Promise<number | null> {
  const firsts: number[] = []
  for (const events of Object.values(unread(queries, place))) {
    const { first } = await events.select((row) => row.fn.min('seq').as('first')).executeTakeFirstOrThrow()
    if (first !== null) firsts.push(first)
  }
  return firsts.length === 0 ? null : Math.min(...firsts)
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
