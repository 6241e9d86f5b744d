import type { DaySnapshot } from './attacker-day.js'
import type { ClockSnapshot } from './event-clock.js'
import type { SessionSnapshot } from './open-sessions.js'
import type { VerdictSnapshot } from './verdict-book.js'

/** What a correlator did not take into account, and why. */
export interface CorrelationLosses {
  /** Events that came behind what was concluded already. */
  readonly late: number
  /** Sessions and days of attackers that were concluded before their time, since memory was short. */
  readonly evicted: number
}

/** The state of a correlator as plain data, fit for JSON: passwords are keyed hashes, commands have secrets masked. */
export interface CorrelationSnapshot {
  readonly version: 1
  /** Tells by which key secrets were hashed. */
  readonly keyId: string
  readonly clock: ClockSnapshot
  /** Up to where everything that ended was concluded, in milliseconds since 1970; null if nothing was. */
  readonly concludedUntil: number | null
  /** Days of which something was told already. */
  readonly toldDays: readonly number[]
  readonly losses: CorrelationLosses
  readonly sessions: readonly SessionSnapshot[]
  readonly attackers: readonly DaySnapshot[]
  /** Malicious verdicts of third parties; earlier releases have none. */
  readonly verdicts?: readonly VerdictSnapshot[]
}

/** A snapshot that cannot be gone on from. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError'
}

/** @throws SnapshotError where it is of another version or was made with another key */
export function requireReadable({ version, keyId }: CorrelationSnapshot, ownKeyId: string): void {
  if (version !== 1) throw new SnapshotError(`a snapshot of version ${version} cannot be read; this release writes 1`)
  if (keyId !== ownKeyId) throw new SnapshotError('the snapshot was made with another key')
}
