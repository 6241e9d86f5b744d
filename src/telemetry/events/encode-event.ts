import type { TaggerEvent } from '../../events/tagger-event.js'

/** One line of the `events` format, without a line ending: decoded again, it gives an equal event. */
export function encodeEvent(event: TaggerEvent): string {
  return JSON.stringify({
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
  })
}
