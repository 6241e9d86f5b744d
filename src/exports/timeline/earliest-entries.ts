import { LeastItems } from '../../collections/least-items.js'
import type { TimelineEntry } from './timeline-entry.js'

/** How many more than the limit gather before the latest are dropped, as a share of it. */
const SLACK = 0.25

/**
 * Keeps the earliest of many entries, whatever order they come in; of those with one id, one. What is too late for sure is
 * not even made.
 */
export class EarliestEntries {
  readonly #limit: number
  readonly #kept: LeastItems<TimelineEntry>
  #offered = 0
  /** Time of the latest that is kept, where there are as many as may be. */
  #latest = Number.POSITIVE_INFINITY

  constructor(limit: number) {
    this.#limit = limit
    this.#kept = new LeastItems({
      limit,
      compare: (one, other) => one.at - other.at || compareTexts(one.sourceId, other.sourceId),
      isSame: (one, other) => one.sourceId === other.sourceId,
    })
  }

  get items(): readonly TimelineEntry[] {
    return this.#kept.items
  }

  /** How many were offered. */
  get offered(): number {
    return this.#offered
  }

  /** How many are not kept since there were too many; repeated ones are counted each time. */
  get leftOut(): number {
    const isCut = this.#latest < Number.POSITIVE_INFINITY || this.#kept.isCut
    return isCut ? this.#offered - this.items.length : 0
  }

  /** Offers an entry by its time, in milliseconds since 1970; it is made where it may be one of the earliest. */
  offer(at: number, create: () => TimelineEntry): void {
    this.#offered++
    if (at > this.#latest) return
    this.#kept.add(create())
    if (this.#kept.held >= this.#limit * (1 + SLACK) && this.#kept.isCut) this.#latest = this.items.at(-1)!.at
  }
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}
