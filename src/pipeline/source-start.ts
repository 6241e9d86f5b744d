/** Most bytes that are kept until a format is known. */
export const MOST_START_BYTES = 8 << 20

/** Keeps what a source begins with; bounded, whatever the source sends. */
export class SourceStart {
  #parts: Buffer[] = []
  #length = 0

  /** Bytes that came, kept or not. */
  get length(): number {
    return this.#length
  }

  /** All that came; null where that was more than the bound. */
  get bytes(): Buffer | null {
    return this.#length > MOST_START_BYTES ? null : Buffer.concat(this.#parts)
  }

  /** Copies what comes next. From the bound on it only counts, and lets go of what it held. */
  add(chunk: Buffer): void {
    this.#length += chunk.length
    if (this.#length > MOST_START_BYTES) this.#parts = []
    else this.#parts.push(Buffer.from(chunk))
  }
}
