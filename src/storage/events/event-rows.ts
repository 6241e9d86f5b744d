import { type LoginSecret, loginSecret } from '../../correlation/login.js'
import type { SecretHash } from '../../correlation/secret-hash.js'
import { createEvent } from '../../events/create-event.js'
import { eventRecord } from '../../events/event-record.js'
import { maskPayload } from '../../events/mask-payload.js'
import type { Payload, TaggerEvent } from '../../events/tagger-event.js'
import type { NewEventRow } from '../batch.js'
import type { EventTable } from '../schema.js'

export interface EventRowOptions {
  /** Hashes passwords, which are not kept. */
  readonly secrets: SecretHash
  /** Place of its message in the stream of the bus; null where it came another way. */
  readonly streamSeq: number | null
  /** Whether its tags are kept with it; else a worker judges it later. */
  readonly isJudged: boolean
}

/** An event as it is kept: without secrets, but with all that its ids and correlation need. */
export function eventRow(event: TaggerEvent, { secrets, streamSeq, isJudged }: EventRowOptions): NewEventRow {
  return {
    ...eventRecord(event),
    payload: JSON.stringify(storedPayload(event, secrets)),
    stream_seq: streamSeq,
    is_judged: isJudged ? 1 : 0,
  }
}

/** The event of a row: the one that was kept, but for its secrets. */
export function eventOfRow(row: Omit<EventTable, 'seq' | 'stored_at'>): TaggerEvent {
  return createEvent({
    sourceKind: row.source_kind,
    sourceId: row.source_id,
    attackerUuid: row.attacker_uuid,
    identityUuid: row.identity_uuid,
    sessionId: row.session_id,
    deckyId: row.decky_id,
    sourceIp: row.source_ip,
    observedAt: new Date(row.observed_at),
    outcome: row.outcome,
    payload: JSON.parse(row.payload) as Payload,
  })
}

function storedPayload({ sourceKind, payload }: TaggerEvent, secrets: SecretHash): Payload {
  const masked = maskPayload(payload)
  if (sourceKind !== 'auth_attempt') return masked
  const secret: LoginSecret = loginSecret(payload, secrets)
  return secret.password_hash === null ? masked : { ...masked, ...secret }
}
