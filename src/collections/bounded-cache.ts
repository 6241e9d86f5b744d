/**
 * A map that never holds more than `entries` pairs. Two generations replace a recency list: a lookup in the old
 * generation carries the pair over to the young one, and when the young one is full it becomes the old one and the
 * former old one is dropped. What is used often therefore stays, at the cost of one map write in a while.
 */
export class BoundedCache<K, V> {
  readonly #generationSize: number
  #young = new Map<K, V>()
  #old = new Map<K, V>()

  /** @param options.entries Most pairs kept; at least 2. */
  constructor(options: { readonly entries: number }) {
    if (!Number.isInteger(options.entries) || options.entries < 2) {
      throw new RangeError(`A bounded cache needs room for at least 2 entries, not ${options.entries}`)
    }
    this.#generationSize = Math.floor(options.entries / 2)
  }

  /** Pairs held now; a key that was carried over counts twice until its old generation is dropped. */
  get size(): number {
    return this.#young.size + this.#old.size
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  set(key: K, value: V): void {
    if (this.#young.size >= this.#generationSize && !this.#young.has(key)) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(key, value)
  }
}
