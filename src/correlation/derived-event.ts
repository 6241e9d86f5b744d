import { computeDerivedId } from '../events/ids.js'
import type { KnownSourceKind } from '../events/source-kinds.js'
import type { Outcome, Payload, TaggerEvent } from '../events/tagger-event.js'

/** What a conclusion is about, and what it rests on. */
export interface Conclusion {
  readonly sourceKind: KnownSourceKind
  readonly scope: string
  /** Begin of the window, in milliseconds since 1970. */
  readonly windowStart: number
  readonly attackerUuid: string | null
  readonly identityUuid?: string | null
  readonly sessionId?: string | null
  readonly deckyId?: string | null
  readonly sourceIp?: string | null
  /** Time of the last event that the conclusion rests on, in milliseconds since 1970. */
  readonly at: number
  readonly outcome?: Outcome | null
  readonly payload: Payload
}

/** The event that says what was concluded. Its id is made of what it is about, never of what was counted. */
export function derivedEvent(conclusion: Conclusion): TaggerEvent {
  const { sourceKind, scope, windowStart, attackerUuid, payload } = conclusion
  const { identityUuid = null, sessionId = null, deckyId = null, sourceIp = null, outcome = null } = conclusion
  const key = sessionId === null ? [attackerUuid, identityUuid] : [attackerUuid, deckyId, sessionId]
  return {
    sourceKind,
    sourceId: computeDerivedId({ sourceKind, scope, key, windowStart }),
    attackerUuid,
    identityUuid,
    sessionId,
    deckyId,
    sourceIp,
    observedAt: new Date(conclusion.at),
    outcome,
    payload,
  }
}

/** How many sessions a list names at most. */
const MOST_SESSIONS = 64

/** The sessions of some things, the earliest first; at most 64. Things come in the order of their times. */
export function sessionIdsOf(things: readonly { readonly place: { readonly sessionId: string | null } }[]): string[] {
  const ids = new Set<string>()
  for (const { place } of things) {
    if (place.sessionId !== null) ids.add(place.sessionId)
    if (ids.size === MOST_SESSIONS) break
  }
  return [...ids]
}
