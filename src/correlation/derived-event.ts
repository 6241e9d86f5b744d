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
  return new DerivedEvent(conclusion)
}

/** An event whose id is computed when it is first asked for: most conclusions become no tag. */
class DerivedEvent implements TaggerEvent {
  readonly sourceKind: string
  readonly attackerUuid: string | null
  readonly identityUuid: string | null
  readonly sessionId: string | null
  readonly deckyId: string | null
  readonly sourceIp: string | null
  readonly observedAt: Date
  readonly outcome: Outcome | null
  readonly payload: Payload
  readonly #scope: string
  readonly #windowStart: number
  #sourceId: string | undefined

  constructor(conclusion: Conclusion) {
    this.sourceKind = conclusion.sourceKind
    this.attackerUuid = conclusion.attackerUuid
    this.identityUuid = conclusion.identityUuid ?? null
    this.sessionId = conclusion.sessionId ?? null
    this.deckyId = conclusion.deckyId ?? null
    this.sourceIp = conclusion.sourceIp ?? null
    this.observedAt = new Date(conclusion.at)
    this.outcome = conclusion.outcome ?? null
    this.payload = conclusion.payload
    this.#scope = conclusion.scope
    this.#windowStart = conclusion.windowStart
  }

  get sourceId(): string {
    const { sourceKind, attackerUuid, identityUuid, sessionId, deckyId } = this
    this.#sourceId ??= computeDerivedId({
      sourceKind,
      scope: this.#scope,
      key: sessionId === null ? [attackerUuid, identityUuid] : [attackerUuid, deckyId, sessionId],
      windowStart: this.#windowStart,
    })
    return this.#sourceId
  }
}
