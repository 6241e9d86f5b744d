import type { AttackerDay } from './attacker-day.js'
import type { SessionState } from './session-state.js'

/** What a correlator holds in memory, and can let go of. */
export type Held = SessionState | AttackerDay
