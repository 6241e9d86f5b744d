import type { NewEventRow } from '../batch.js'
import type { EventTable } from '../schema.js'
import type { Seen } from '../sightings.js'
import { storedKey, storedText } from '../stored-text.js'

/** The columns of `ttp_event` in the order in which every backend binds them. */
export const EVENT_COLUMNS: readonly (keyof EventTable)[] = [
  'source_id',
  'source_kind',
  'attacker_uuid',
  'identity_uuid',
  'session_id',
  'decky_id',
  'source_ip',
  'observed_at',
  'outcome',
  'payload',
  'stream_seq',
  'is_judged',
  'seq',
  'stored_at',
]

/** The counter that numbers events. Its row is the lock that makes their order the order of commits. */
export const EVENT_SEQUENCE = 'ttp_event'

type Value = string | number | null

/** How each column of a row is stored, in the order of `EVENT_COLUMNS` without the last two. JSON holds nothing unstorable. */
export const EVENT_VALUES: readonly ((row: NewEventRow) => Value)[] = [
  (row) => storedKey(row.source_id),
  (row) => storedText(row.source_kind),
  (row) => textOrNull(row.attacker_uuid),
  (row) => textOrNull(row.identity_uuid),
  (row) => textOrNull(row.session_id),
  (row) => textOrNull(row.decky_id),
  (row) => textOrNull(row.source_ip),
  (row) => row.observed_at,
  (row) => row.outcome,
  (row) => row.payload,
  (row) => row.stream_seq,
  (row) => row.is_judged,
]

/** Whom an event shows. */
export function seenIn(row: NewEventRow): Seen {
  return {
    sourceKind: row.source_kind,
    attackerUuid: row.attacker_uuid,
    sessionId: row.session_id,
    deckyId: row.decky_id,
    sourceIp: row.source_ip,
  }
}

function textOrNull(text: string | null): string | null {
  return text === null ? null : storedText(text)
}
