import { unambiguous } from '../events/unambiguous.js'
import type { AttackerEvent } from './attacker-event.js'
import type { CorrelationOptions } from './correlation-options.js'
import { DueTimes } from './due-times.js'
import type { Held } from './held.js'
import type { MemoryLedger } from './memory-ledger.js'
import { type SessionKey, SessionState, type WholeSession } from './session-state.js'
import type { SessionStep } from './session-step.js'

/** A session as it goes into a snapshot. */
export interface SessionSnapshot {
  readonly key: SessionKey
  readonly steps: readonly SessionStep[]
}

/** So many sessions that were opened last are not taken out for their age. */
const NEWEST = 64

/** The sessions that have not been concluded, with the times at which each has to be looked at. */
export class OpenSessions {
  readonly #times: Pick<CorrelationOptions, 'sessionGap' | 'sessionGrace'>
  readonly #ledger: MemoryLedger<Held>
  readonly #sessions = new Map<string, SessionState>()
  readonly #due = new DueTimes<SessionState>()

  constructor(times: Pick<CorrelationOptions, 'sessionGap' | 'sessionGrace'>, ledger: MemoryLedger<Held>) {
    this.#times = times
    this.#ledger = ledger
  }

  /** The session that an event belongs to, open or about to be; null for an event without one. */
  of({ sessionId, deckyId, attackerUuid }: AttackerEvent): SessionState | null {
    if (sessionId === null) return null
    const known = this.#sessions.get(nameOf({ sessionId, deckyId, attackerUuid }))
    return known ?? new SessionState({ sessionId, deckyId, attackerUuid })
  }

  add(session: SessionState, step: SessionStep): void {
    const isNew = session.isEmpty
    const before = session.bytes
    session.add(step)
    if (isNew) this.#open(session)
    else {
      this.#ledger.charge(session.key.deckyId, session.bytes - before)
      // An end that is told comes before the gap that the session was to end with.
      if (step.kind === 'closing') this.#due.add(session, step.at + this.#times.sessionGrace + 1)
    }
  }

  /** Takes out what is over by a time. */
  takeUntil(time: number): readonly WholeSession[] {
    return this.#due.takeUntil(time).flatMap((session) => {
      const before = session.bytes
      const finished = session.takeFinished(time, this.#times)
      this.#ledger.charge(session.key.deckyId, session.bytes - before)
      if (session.isEmpty) this.#close(session)
      else this.#due.add(session, session.due(this.#times))
      return finished
    })
  }

  /** Takes out a session as it is. */
  take(session: SessionState): readonly WholeSession[] {
    this.#close(session)
    return session.takeFinished(Number.POSITIVE_INFINITY, this.#times)
  }

  /** Takes out all sessions as they are, one after the other. */
  *takeAll(): Generator<WholeSession> {
    for (const session of this.#sessions.values()) yield* this.take(session)
  }

  /**
   * Takes out what is over by a time, what was opened first before the rest, until somebody has enough. What was opened
   * last stays: more of it may be on its way, however long ago it was.
   */
  *takeOldest(time: number, isEnough: () => boolean): Generator<WholeSession> {
    let older = this.#sessions.size - NEWEST
    for (const session of this.#sessions.values()) {
      if (older-- <= 0 || isEnough()) return
      if (this.isOver(session, time)) yield* this.take(session)
    }
  }

  /** Whether a session is over by a time, as far as it is known. */
  isOver(session: SessionState, time: number): boolean {
    return session.due(this.#times) <= time
  }

  snapshot(): readonly SessionSnapshot[] {
    return [...this.#sessions.values()].map((session) => ({ key: session.key, steps: session.steps() }))
  }

  restore(sessions: readonly SessionSnapshot[]): void {
    for (const { key, steps } of sessions) this.#open(new SessionState(key, steps))
  }

  #open(session: SessionState): void {
    this.#sessions.set(nameOf(session.key), session)
    this.#ledger.open(session.key.deckyId, session)
    this.#due.add(session, session.due(this.#times))
  }

  #close(session: SessionState): void {
    this.#sessions.delete(nameOf(session.key))
    this.#due.delete(session)
    this.#ledger.close(session.key.deckyId, session)
  }
}

function nameOf({ sessionId, deckyId, attackerUuid }: SessionKey): string {
  return unambiguous(attackerUuid) + unambiguous(sessionId) + unambiguous(deckyId)
}
