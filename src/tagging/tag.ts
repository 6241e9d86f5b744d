import type { Outcome } from '../events/tagger-event.js'

/** How a tag came to be: seen in the event itself, concluded from several, or said by a third party. */
export type Basis = 'observed' | 'derived' | 'asserted'

/** Evidence as its source kind's schema allows it (`events/source-kinds.ts`). Shared between tags; never changed. */
export type Evidence = Readonly<Record<string, unknown>>

/** One statement: this event shows this technique, says this rule. Its `uuid` is a function of that statement alone. */
export interface Tag {
  readonly uuid: string
  readonly sourceKind: string
  readonly sourceId: string
  readonly attackerUuid: string | null
  readonly identityUuid: string | null
  readonly sessionId: string | null
  readonly deckyId: string | null
  readonly sourceIp: string | null
  /** Tactic id: `TA0007`. */
  readonly tactic: string
  /** Technique id without its part: `T1059`. */
  readonly techniqueId: string
  /** `T1059.004`, or null. */
  readonly subTechniqueId: string | null
  /** Probability, 0 to 1, that an expert accepts this id for this event. Never severity. */
  readonly confidence: number
  readonly ruleId: string
  readonly ruleVersion: number
  readonly basis: Basis
  readonly outcome: Outcome | null
  readonly evidence: Evidence
  /** The release that the ids belong to: `enterprise-19.1`, or `ics-18.1`. */
  readonly attackRelease: string
  readonly observedAt: Date
}

/** The most specific id that a tag or emission names. */
export function mostSpecificId(tag: { readonly techniqueId: string; readonly subTechniqueId: string | null }): string {
  return tag.subTechniqueId ?? tag.techniqueId
}
