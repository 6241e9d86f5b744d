/** An item that was seen often. Its true count lies between `count` and `count + missed`. */
export interface FrequentItem<Detail> {
  readonly key: string
  readonly count: number
  readonly missed: number
  readonly detail: Detail
}

export interface FrequentItemsOptions<Detail> {
  /** Most keys kept. */
  readonly capacity: number
  /** Makes what is kept beside the count of a key. */
  readonly createDetail: () => Detail
}

interface Entry<Detail> {
  readonly key: string
  readonly detail: Detail
  readonly missed: number
  count: number
  /** What the entry has left before it is dropped. */
  credit: number
}

/**
 * Finds the most frequent keys of a stream in bounded memory (Misra and Gries 1982, with batched decrements). With N
 * additions and capacity c no count misses more than 2N / c, so every key that was added more often is in it; keys
 * that came early and often are counted exactly.
 */
export class FrequentItems<Detail = null> {
  readonly #options: FrequentItemsOptions<Detail>
  readonly #entries = new Map<string, Entry<Detail>>()
  #dropped = 0

  constructor(options: FrequentItemsOptions<Detail>) {
    this.#options = options
  }

  /** The most that the count of any key, kept or not, can be short of. */
  get errorBound(): number {
    return this.#dropped
  }

  /** How many keys are kept now. */
  get size(): number {
    return this.#entries.size
  }

  /** Counts one occurrence and answers the detail of the key, for the caller to change. */
  add(key: string): Detail {
    const entry = this.#entries.get(key) ?? this.#admit(key)
    entry.count++
    entry.credit++
    return entry.detail
  }

  /** The keys with the highest counts, highest first; equal counts in the order of their keys. */
  top(limit: number): readonly FrequentItem<Detail>[] {
    const ordered = [...this.#entries.values()].sort(
      (left, right) => right.count - left.count || (left.key < right.key ? -1 : 1),
    )
    return ordered.slice(0, limit).map(({ key, count, missed, detail }) => ({ key, count, missed, detail }))
  }

  #admit(key: string): Entry<Detail> {
    if (this.#entries.size >= this.#options.capacity) this.#makeRoom()
    const entry = { key, detail: this.#options.createDetail(), missed: this.#dropped, count: 0, credit: 0 }
    this.#entries.set(key, entry)
    return entry
  }

  /** Takes the median credit from every entry and drops those that have none left: at least half of them. */
  #makeRoom(): void {
    const credits = Float64Array.from(this.#entries.values(), (entry) => entry.credit).sort()
    const charge = credits[Math.floor(credits.length / 2)]!
    this.#dropped += charge
    for (const entry of this.#entries.values()) {
      entry.credit -= charge
      if (entry.credit <= 0) this.#entries.delete(entry.key)
    }
  }
}
