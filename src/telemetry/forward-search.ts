/**
 * Finds the next occurrence of some bytes, and remembers it, so that asking again from a later place costs nothing until
 * that occurrence is passed. A buffer is thus searched once as a whole, however many lines it holds and even where the
 * bytes do not occur at all. Bytes that begin with one that is rare are found fastest.
 */
export class ForwardSearch {
  readonly #sought: Buffer
  readonly #first: number
  #bytes: Buffer | null = null
  #from = 0
  #found = 0

  constructor(sought: string) {
    this.#sought = Buffer.from(sought, 'latin1')
    this.#first = this.#sought[0]!
  }

  /** Forgets what was found: to be called where the contents of the same buffer may have changed. */
  forget(): void {
    this.#bytes = null
  }

  /** Index of the first occurrence at or after `from`, or infinity. */
  find(bytes: Buffer, from: number): number {
    if (bytes === this.#bytes && from >= this.#from && from <= this.#found) return this.#found
    this.#bytes = bytes
    this.#from = from
    this.#found = this.#search(bytes, from)
    return this.#found
  }

  /** Calling the engine's search for one byte is several times cheaper than its search for several. */
  #search(bytes: Buffer, from: number): number {
    let index = bytes.indexOf(this.#first, from)
    while (index >= 0 && !this.#occursAt(bytes, index)) index = bytes.indexOf(this.#first, index + 1)
    return index < 0 ? Number.POSITIVE_INFINITY : index
  }

  #occursAt(bytes: Buffer, index: number): boolean {
    for (let offset = 1; offset < this.#sought.length; offset++) {
      if (bytes[index + offset] !== this.#sought[offset]) return false
    }
    return true
  }
}
