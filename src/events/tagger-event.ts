/** What is known of how far the observed act got: typed only, answered by an emulation, or seen to happen. */
export type Outcome = 'attempted' | 'emulated' | 'confirmed'

export const OUTCOMES: readonly Outcome[] = ['attempted', 'emulated', 'confirmed']

/** The fields of one observation. Which ones exist follows from the source kind; see `source-kinds.ts`. */
export type Payload = Readonly<Record<string, unknown>>

/**
 * One thing observed on a decoy. At least one of the two anchors (`attackerUuid`, `identityUuid`) is set.
 * Every value is a function of the telemetry alone, so the same line gives the same event on any host, at any time.
 */
export interface TaggerEvent {
  /** An open set: an unknown kind is data, not an error. */
  readonly sourceKind: string
  /** A UUID that says which observation this is; identical observations share it. */
  readonly sourceId: string
  readonly attackerUuid: string | null
  readonly identityUuid: string | null
  readonly sessionId: string | null
  readonly deckyId: string | null
  /** The attacker's address as the telemetry wrote it, or null where the event has none. */
  readonly sourceIp: string | null
  /** Event time, never the clock at ingest. */
  readonly observedAt: Date
  readonly outcome: Outcome | null
  readonly payload: Payload
}
