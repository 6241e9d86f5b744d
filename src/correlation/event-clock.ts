import type { CorrelationOptions } from './correlation-options.js'

type ClockOptions = Pick<CorrelationOptions, 'horizon' | 'patience' | 'now' | 'clockTolerance'>

/** What a clock knows, as it goes into a snapshot. */
export interface ClockSnapshot {
  readonly fronts: readonly (readonly [deckyId: string, time: number])[]
  readonly watermark: number | null
}

/** The watermark is only worked out anew when the front has moved by so much, in milliseconds. */
const STEP = 1000

/**
 * Tells by the events themselves how far time has come. Each decky has a front, the latest time that it has written; the
 * watermark lies one horizon behind the slowest decky that is waited for, and never moves back. An event is late if it
 * lies before the watermark.
 */
export class EventClock {
  readonly #options: ClockOptions
  readonly #fronts: Map<string, number>
  #front = Number.NEGATIVE_INFINITY
  #settledFront = Number.NEGATIVE_INFINITY
  #watermark: number

  constructor(options: ClockOptions, snapshot?: ClockSnapshot) {
    this.#options = options
    this.#fronts = new Map(snapshot?.fronts ?? [])
    this.#watermark = snapshot?.watermark ?? Number.NEGATIVE_INFINITY
    for (const front of this.#fronts.values()) this.#front = Math.max(this.#front, front)
  }

  /** No event from before it is still waited for. */
  get watermark(): number {
    return this.#watermark
  }

  /** Takes the time of an event; a time in the future moves the clock no further than the present. */
  see(deckyId: string, time: number): void {
    const { now, clockTolerance } = this.#options
    const front = this.#fronts.get(deckyId)
    if (front !== undefined && time <= front) return
    const believable = Math.min(time, now() + clockTolerance)
    if (front !== undefined && believable <= front) return
    this.#fronts.set(deckyId, believable)
    if (believable > this.#front) this.#front = believable
    if (this.#front >= this.#settledFront + STEP) this.#settle()
  }

  /** Lets time pass by itself, where no events come. */
  advanceBy(milliseconds: number): void {
    for (const [deckyId, front] of this.#fronts) this.#fronts.set(deckyId, front + milliseconds)
    this.#front += milliseconds
    this.#settle()
  }

  snapshot(): ClockSnapshot {
    return {
      fronts: [...this.#fronts],
      watermark: Number.isFinite(this.#watermark) ? this.#watermark : null,
    }
  }

  #settle(): void {
    const { horizon, patience } = this.#options
    this.#settledFront = this.#front
    let slowest = this.#front
    for (const [deckyId, front] of this.#fronts) {
      // One that comes back later is as if it came for the first time.
      if (front < this.#front - patience) this.#fronts.delete(deckyId)
      else if (front < slowest) slowest = front
    }
    this.#watermark = Math.max(this.#watermark, slowest - horizon)
  }
}
