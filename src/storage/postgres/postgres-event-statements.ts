import type { NewEventRow } from '../batch.js'
import { EVENT_COLUMNS, EVENT_SEQUENCE, EVENT_VALUES } from '../events/event-columns.js'
import type { EventTable } from '../schema.js'
import { SERVER_TIME } from './server-time.js'

/** Takes as many numbers as there are rows and keeps the lock of the counter to the end of the transaction. */
export const TAKE_NUMBERS = {
  name: 'take-event-numbers',
  text: `update ttp_sequence set last = last + $1 where name = '${EVENT_SEQUENCE}' returning last`,
} as const

const ARRAY_TYPES: Partial<Record<keyof EventTable, string>> = { stream_seq: 'int8[]', is_judged: 'int8[]' }
const ARRAY_COLUMNS = EVENT_COLUMNS.slice(0, EVENT_VALUES.length)
/** One value for all rows each: the number before the first one, and null for the clock of the server. */
const [SEQ, STORED_AT] = [`$${ARRAY_COLUMNS.length + 1}`, `$${ARRAY_COLUMNS.length + 2}`]

/** Inserts rows given as one array a column, numbered in their order; answers the ids of those that were not there. */
export const INSERT_EVENTS = {
  name: 'insert-events',
  text: `
    insert into ttp_event (${EVENT_COLUMNS.join(', ')})
    select ${ARRAY_COLUMNS.join(', ')}, ${SEQ}::int8 + place, (select coalesce(${STORED_AT}::text, ${SERVER_TIME}))
    from unnest(${ARRAY_COLUMNS.map((column, index) => `$${index + 1}::${ARRAY_TYPES[column] ?? 'text[]'}`).join(', ')})
      with ordinality as given (${ARRAY_COLUMNS.join(', ')}, place)
    on conflict (source_id) do nothing
    returning source_id`,
} as const

/** The parameters of `INSERT_EVENTS`. */
export function eventArrays(rows: readonly NewEventRow[], before: number, storedAt: string | null): unknown[] {
  return [...EVENT_VALUES.map((stored) => rows.map(stored)), before, storedAt]
}
