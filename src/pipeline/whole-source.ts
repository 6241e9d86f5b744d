/** Most bytes of a source that are held to be decoded as one. */
export const MOST_SOURCE_BYTES = 8 << 20

/** Holds the bytes of a source whose format is not made of lines; bounded, whatever the source sends. */
export class WholeSource {
  #parts: Buffer[] = []
  #length = 0

  /** Bytes that came, held or not. */
  get length(): number {
    return this.#length
  }

  /** Copies what comes next. From the bound on it only counts, and lets go of what it held. */
  add(chunk: Buffer): void {
    this.#length += chunk.length
    if (this.#length > MOST_SOURCE_BYTES) this.#parts = []
    else this.#parts.push(Buffer.from(chunk))
  }

  /** All of the source; null where it was larger than the bound. */
  bytes(): Buffer | null {
    return this.#length > MOST_SOURCE_BYTES ? null : Buffer.concat(this.#parts)
  }
}
