import type { LeastItems } from '../collections/least-items.js'
import type { CorrelationOptions } from './correlation-options.js'
import { byTime, EVENT_NUMBERS } from './login.js'
import { type SessionStep, timeline } from './session-step.js'

/** Who and where a session is; sessions of one name by two attackers are two. */
export interface SessionKey {
  readonly sessionId: string
  readonly deckyId: string | null
  readonly attackerUuid: string | null
}

/** What every event of a session says alike. Where it does not, the first by its letters holds. */
export interface SessionTraits {
  readonly sourceIp: string | null
  readonly service: string | null
}

/** One session with the steps that were seen of it, in order. */
export interface WholeSession {
  readonly key: SessionKey
  readonly traits: SessionTraits
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
  readonly #closings: SessionStep[] = []
  #traits: SessionTraits = { sourceIp: null, service: null }
  /** Reckoned memory of the state. */
  bytes = SESSION_BYTES

  constructor(key: SessionKey, kept?: { readonly traits: SessionTraits; readonly steps: readonly SessionStep[] }) {
    this.key = key
    for (const step of kept?.steps ?? []) this.add(step, kept!.traits)
  }

  get traits(): SessionTraits {
    return this.#traits
  }

  add(step: SessionStep, { sourceIp, service }: SessionTraits): void {
    if (sourceIp !== this.#traits.sourceIp || service !== this.#traits.service) {
      this.#traits = { sourceIp: least(sourceIp, this.#traits.sourceIp), service: least(service, this.#traits.service) }
    }
    if (step.kind === 'closing') {
      if (!this.#closings.some(({ id }) => id === step.id)) this.#closings.push(step)
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
      finished.push({ key: this.key, traits: this.#traits, steps })
    }
    if (finished.length > 0) this.#keep(rest)
    return finished
  }

  get isEmpty(): boolean {
    return this.#halfHours.size === 0 && this.#closings.length === 0
  }

  /** All steps in order. Where a half hour had too many, one that says nothing stands for the last of them. */
  steps(): readonly SessionStep[] {
    const steps = [...this.#closings]
    for (const [halfHour, kept] of this.#halfHours) {
      steps.push(...kept.items)
      if (kept.isCut) steps.push({ kind: 'other', at: this.#latest.get(halfHour)!, id: EVENT_NUMBERS })
    }
    return steps.sort(byTime)
  }

  #keep(steps: readonly SessionStep[]): void {
    this.#halfHours.clear()
    this.#latest.clear()
    this.#closings.length = 0
    this.bytes = SESSION_BYTES
    for (const step of steps) this.add(step, this.#traits)
  }
}

function least(one: string | null, other: string | null): string | null {
  return one === null || (other !== null && other < one) ? other : one
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
