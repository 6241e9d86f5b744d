import type { TaggerEvent } from '../events/tagger-event.js'
import { distinctInOrder, groupBy } from './bounded.js'
import type { CorrelationOptions } from './correlation-options.js'
import { byTime, EVENT_NUMBERS } from './login.js'
import { type Place, placeOf } from './place.js'
import { byTimeAndContent, type SessionStep } from './session-step.js'

/** Who and where a session is; sessions of one name by two attackers are two. */
export interface SessionKey {
  readonly sessionId: string
  readonly deckyId: string | null
  readonly attackerUuid: string
}

/** One session with the steps that were seen of it, in order. */
export interface WholeSession {
  readonly key: SessionKey
  readonly steps: readonly SessionStep[]
}

type SessionTimes = Pick<CorrelationOptions, 'sessionGap' | 'sessionGrace'>

/** Reckoned bytes of a session, and of a step beside its texts; measured with `process.memoryUsage` and rounded up. */
const SESSION_BYTES = 700
const STEP_BYTES = 200

/** Steps of a session that are kept of each half hour: the first ones. */
export const MOST_STEPS = 512
/** Steps are cut by the half hour, so that a gap of an hour shows even where there are too many to keep them all. */
const HALF_HOUR = 30 * 60_000

/** What is known of one session so far. Any order of the same events gives the same. */
export class SessionState {
  readonly key: SessionKey
  /** As they came, some perhaps twice; closings may be further down than `MOST_STEPS`. */
  #steps: SessionStep[]
  #cutAt = 2 * MOST_STEPS
  #place: Place | null = null
  /** Reckoned memory of the state. */
  bytes: number

  constructor(key: SessionKey, steps: readonly SessionStep[] = []) {
    this.key = key
    this.#steps = [...steps]
    this.bytes = reckon(steps)
  }

  get isEmpty(): boolean {
    return this.#steps.length === 0
  }

  /** The place of an event of the session: one object for all of them, as long as they agree. */
  placeOf(event: TaggerEvent): Place {
    this.#place = placeOf(event, this.#place)
    return this.#place
  }

  add(step: SessionStep): void {
    this.#steps.push(step)
    this.bytes += bytesOf(step)
    if (this.#steps.length < this.#cutAt) return
    this.#steps = boundedSteps(this.#steps)
    this.#cutAt = 2 * this.#steps.length + MOST_STEPS
    this.bytes = reckon(this.#steps)
  }

  /** When the session, as it is known, is over for sure: the earliest time at which `takeFinished` gives something. */
  due(times: SessionTimes): number {
    return endOf(firstStretch(this.steps(), times), times)
  }

  /** Takes out the stretches of the session that end up to the watermark. */
  takeFinished(watermark: number, times: SessionTimes): readonly WholeSession[] {
    const finished: WholeSession[] = []
    const all = this.steps()
    let done = 0
    while (done < all.length) {
      const steps = firstStretch(all, times, done)
      if (endOf(steps, times) > watermark) break
      done += steps.length
      finished.push({ key: this.key, steps })
    }
    if (finished.length > 0) {
      this.#steps = all.slice(done)
      this.bytes = reckon(this.#steps)
    }
    return finished
  }

  /** All steps in order. Where a half hour had too many, one that says nothing stands for the last of them. */
  steps(): readonly SessionStep[] {
    return boundedSteps(this.#steps)
  }
}

function boundedSteps(steps: readonly SessionStep[]): SessionStep[] {
  const ordered = distinctInOrder(steps, byTimeAndContent)
  if (ordered.length <= MOST_STEPS) return ordered
  const closings = ordered.filter((step) => step.kind === 'closing')
  const others = ordered.filter((step) => step.kind !== 'closing')
  const halfHours = groupBy(others, ({ at }) => Math.floor(at / HALF_HOUR))
  const kept = [...halfHours.values()].flatMap((group) => {
    if (group.length <= MOST_STEPS) return group
    const first = group.slice(0, MOST_STEPS)
    return [...first, { kind: 'other', at: group.at(-1)!.at, id: EVENT_NUMBERS, place: first[0]!.place } as const]
  })
  return [...kept, ...closings].sort(byTime)
}

function reckon(steps: readonly SessionStep[]): number {
  return steps.reduce((sum, step) => sum + bytesOf(step), SESSION_BYTES)
}

function bytesOf(step: SessionStep): number {
  return step.kind === 'command' ? STEP_BYTES + step.bytes : STEP_BYTES
}

/**
 * The steps up to the first end: a gap without any, or the end that was told and a while after it. What comes later is
 * another session under the same name.
 */
function firstStretch(
  steps: readonly SessionStep[],
  { sessionGap, sessionGrace }: SessionTimes,
  start = 0,
): readonly SessionStep[] {
  let close = Number.POSITIVE_INFINITY
  for (let index = start; index < steps.length; index++) {
    const step = steps[index]!
    const isAfterGap = index > start && step.at - steps[index - 1]!.at >= sessionGap
    if (step.at > close || isAfterGap) return steps.slice(start, index)
    if (step.kind === 'closing' && close === Number.POSITIVE_INFINITY) close = step.at + sessionGrace
  }
  return start === 0 ? steps : steps.slice(start)
}

function endOf(steps: readonly SessionStep[], { sessionGap, sessionGrace }: SessionTimes): number {
  const closing = steps.find((step) => step.kind === 'closing')
  if (closing !== undefined) return closing.at + sessionGrace + 1
  return (steps.at(-1)?.at ?? Number.NEGATIVE_INFINITY) + sessionGap
}
