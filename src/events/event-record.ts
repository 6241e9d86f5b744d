import type { Outcome, Payload, TaggerEvent } from './tagger-event.js'

/** An event as JSON names its fields. */
export interface EventRecord {
  readonly source_kind: string
  readonly source_id: string
  readonly attacker_uuid: string | null
  readonly identity_uuid: string | null
  readonly session_id: string | null
  readonly decky_id: string | null
  readonly source_ip: string | null
  /** ISO 8601 in UTC. */
  readonly observed_at: string
  readonly outcome: Outcome | null
  readonly payload: Payload
}

/** The record of an event, its ids computed. */
export function eventRecord(event: TaggerEvent): EventRecord {
  return {
    source_kind: event.sourceKind,
    source_id: event.sourceId,
    attacker_uuid: event.attackerUuid,
    identity_uuid: event.identityUuid,
    session_id: event.sessionId,
    decky_id: event.deckyId,
    source_ip: event.sourceIp,
    observed_at: event.observedAt.toISOString(),
    outcome: event.outcome,
    payload: event.payload,
  }
}
