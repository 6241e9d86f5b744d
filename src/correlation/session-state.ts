import type { LeastItems } from '../collections/least-items.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { CorrelationOptions } from './correlation-options.js'
import { byTime, EVENT_NUMBERS } from './login.js'
import { type Place, placeOf } from './place.js'
import { type SessionStep, timeline } from './session-step.js'

/** Who and where a session is; sessions of one name by two attackers are two. */
export interface SessionKey {
  readonly sessionId: string
  readonly deckyId: string | null
  readonly attackerUuid: string | null
}

/** One session with the steps that were seen of it, in order. */
export interface WholeSession {
  readonly key: SessionKey
  readonly steps: readonly SessionStep[]
}

type SessionTimes = Pick<CorrelationOptions, 'sessionGap' | 'sessionGrace'>

/** Reckoned bytes of a session, and of a step beside its texts; measured with `process.memoryUsage` and rounded up. */
const SESSION_BYTES = 700
const STEP_BYTES = 220

/** Steps are held by the half hour, so that a gap of an hour shows even where there are too many to keep them all. */
const STRETCH = 30 * 60_000

/** What is known of one session so far. Any order of the same events gives the same. */
export class SessionState {
  readonly key: SessionKey
  readonly #halfHours = new Map<number, LeastItems<SessionStep>>()
  /** Time of the last step of a half hour, kept or not. */
  readonly #latest = new Map<number, number>()
  #closings = timeline()
  #place: Place | null = null
  /** Reckoned memory of the state. */
  bytes = SESSION_BYTES

  constructor(key: SessionKey, steps: readonly SessionStep[] = []) {
    this.key = key
    for (const step of steps) this.add(step)
  }

  /** The place of an event of the session: one object for all of them, as long as they agree. */
  placeOf(event: TaggerEvent): Place {
    this.#place = placeOf(event, this.#place)
    return this.#place
  }

  add(step: SessionStep): void {
    if (step.kind === 'closing') {
      this.#closings.add(step)
    } else {
      const halfHour = Math.floor(step.at / STRETCH)
      let steps = this.#halfHours.get(halfHour)
      if (steps === undefined) {
        steps = timeline()
        this.#halfHours.set(halfHour, steps)
      }
      steps.add(step)
      this.#latest.set(halfHour, Math.max(step.at, this.#latest.get(halfHour) ?? step.at))
    }
    this.bytes += bytesOf(step)
  }

  /** When the session, as it is known, is over for sure: the earliest time at which `takeFinished` gives something. */
  due(times: SessionTimes): number {
    return endOf(firstStretch(this.steps(), times), times)
  }

  /** Takes out the stretches of the session that end up to the watermark. */
  takeFinished(watermark: number, times: SessionTimes): readonly WholeSession[] {
    const finished: WholeSession[] = []
    let rest = this.steps()
    while (rest.length > 0) {
      const steps = firstStretch(rest, times)
      if (endOf(steps, times) > watermark) break
      rest = rest.slice(steps.length)
      finished.push({ key: this.key, steps })
    }
    if (finished.length > 0) this.#keep(rest)
    return finished
  }

  get isEmpty(): boolean {
    return this.#halfHours.size === 0 && this.#closings.held === 0
  }

  /** All steps in order. Where a half hour had too many, one that says nothing stands for the last of them. */
  steps(): readonly SessionStep[] {
    const steps = [...this.#closings.items]
    for (const [halfHour, kept] of this.#halfHours) {
      steps.push(...kept.items)
      if (kept.isCut)
        steps.push({ kind: 'other', at: this.#latest.get(halfHour)!, id: EVENT_NUMBERS, place: kept.items[0]!.place })
    }
    return steps.sort(byTime)
  }

  #keep(steps: readonly SessionStep[]): void {
    this.#halfHours.clear()
    this.#latest.clear()
    this.#closings = timeline()
    this.bytes = SESSION_BYTES
    for (const step of steps) this.add(step)
  }
}

function bytesOf(step: SessionStep): number {
  return step.kind === 'command' ? STEP_BYTES + step.text.length : STEP_BYTES
}

/**
 * The steps up to the first end: a gap without any, or the end that was told and a while after it. What comes later is
 * another session under the same name.
 */
function firstStretch(
  steps: readonly SessionStep[],
  { sessionGap, sessionGrace }: SessionTimes,
): readonly SessionStep[] {
  let close = Number.POSITIVE_INFINITY
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index]!
    const before = steps[index - 1]
    if (step.at > close || (before !== undefined && step.at - before.at >= sessionGap)) return steps.slice(0, index)
    if (step.kind === 'closing' && close === Number.POSITIVE_INFINITY) close = step.at + sessionGrace
  }
  return steps
}

function endOf(steps: readonly SessionStep[], { sessionGap, sessionGrace }: SessionTimes): number {
  const closing = steps.find((step) => step.kind === 'closing')
  if (closing !== undefined) return closing.at + sessionGrace + 1
  return (steps.at(-1)?.at ?? Number.NEGATIVE_INFINITY) + sessionGap
}
