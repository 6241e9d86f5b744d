import { computeAttackerUuid, computeSourceId } from './ids.js'
import type { Outcome, Payload, TaggerEvent } from './tagger-event.js'

/** What a caller says of an observation. At least one anchor: `sourceIp`, `attackerUuid` or `identityUuid`. */
export interface EventDescription {
  readonly sourceKind: string
  readonly payload: Payload
  readonly observedAt: Date
  readonly sourceIp?: string | null
  readonly attackerUuid?: string | null
  readonly identityUuid?: string | null
  readonly sessionId?: string | null
  readonly deckyId?: string | null
  readonly outcome?: Outcome | null
  /** Left out, it is computed from the rest, so that the same description gives the same id. */
  readonly sourceId?: string
}

/**
 * Makes an event from its description, ids included.
 *
 * @throws TypeError where no anchor is given
 */
export function createEvent(description: EventDescription): TaggerEvent {
  const { sourceKind, payload, observedAt } = description
  const sourceIp = description.sourceIp ?? null
  const attackerUuid = description.attackerUuid ?? (sourceIp === null ? null : computeAttackerUuid(sourceIp))
  const identityUuid = description.identityUuid ?? null
  if (attackerUuid === null && identityUuid === null) {
    throw new TypeError('an event needs an anchor: give sourceIp, attackerUuid or identityUuid')
  }
  const sessionId = description.sessionId ?? null
  const deckyId = description.deckyId ?? null
  const time = observedAt.toISOString()
  const sourceId =
    description.sourceId ?? computeSourceId({ sourceKind, deckyId, sessionId, time, eventType: sourceKind, payload })
  const outcome = description.outcome ?? null
  return {
    sourceKind,
    sourceId,
    attackerUuid,
    identityUuid,
    sessionId,
    deckyId,
    sourceIp,
    observedAt,
    outcome,
    payload,
  }
}
