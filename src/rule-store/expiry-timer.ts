/** Longest sleep, in milliseconds: a clock that is set, or a host that slept, is noticed after it. */
const LONGEST_DELAY = 30_000

/**
 * Calls back at the earliest of many times, however far away it is. The clock is asked again when it wakes, so neither a
 * timer that is early nor a clock that was set misses or hastens an end.
 */
export class ExpiryTimer {
  readonly #onTime: () => void
  readonly #now: () => Date
  #timer: NodeJS.Timeout | undefined
  #due = Number.POSITIVE_INFINITY

  constructor(now: () => Date, onTime: () => void) {
    this.#now = now
    this.#onTime = onTime
  }

  /** Sets the one time to wake at, in place of any before. Does not keep the process running. */
  wakeAt(time: Date | null): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#due = time?.getTime() ?? Number.POSITIVE_INFINITY
    if (time !== null) this.#arm()
  }

  #arm(): void {
    const delay = Math.min(Math.max(this.#due - this.#now().getTime(), 0), LONGEST_DELAY)
    this.#timer = setTimeout(() => {
      if (this.#now().getTime() < this.#due) this.#arm()
      else this.#onTime()
    }, delay)
    this.#timer.unref()
  }
}
