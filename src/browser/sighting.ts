import type { Geography } from '../geography/geography.js'
import type { Signals } from './signals.js'
import type { UserAgent } from './user-agent.js'

/** Where and when a browser was seen, beside what it told. */
export interface BrowserPlace {
  readonly at: Date
  /** Where its request came from; null where that is not known. */
  readonly sourceIp: string | null
  /** Country and autonomous system of the source as the telemetry says; the geography is asked where it does not. */
  readonly country: string | null
  readonly autonomousSystem: number | null
  readonly geography: Geography
}

/** Everything that signs are read from. */
export interface Sighting {
  readonly signals: Signals
  readonly agent: UserAgent
  readonly place: BrowserPlace
}
