/**
 * Finds the next occurrence of some bytes, and remembers it, so that asking again from a later place costs nothing until
 * that occurrence is passed. A buffer is thus searched once as a whole, however many lines it holds and even where the
 * bytes do not occur at all.
 */
export class ForwardSearch {
  readonly #sought: Buffer | number
  #bytes: Buffer | null = null
  #from = 0
  #found = 0

  constructor(sought: Buffer | number) {
    this.#sought = sought
  }

  /** Forgets what was found: to be called where the contents of the same buffer may have changed. */
  forget(): void {
    this.#bytes = null
  }

  /** Index of the first occurrence at or after `from`, or infinity. */
  find(bytes: Buffer, from: number): number {
    if (bytes === this.#bytes && from >= this.#from && from <= this.#found) return this.#found
    const index = bytes.indexOf(this.#sought, from)
    this.#bytes = bytes
    this.#from = from
    this.#found = index < 0 ? Number.POSITIVE_INFINITY : index
    return this.#found
  }
}
