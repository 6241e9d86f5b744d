import type { LineSplitterOptions, OnLine, Splitter } from './line-splitter.js'

const LINE_FEED = 0x0a

/** Hands over a stream as one record, at its end. Holds it until then, as far as it is not too long. */
export class WholeSourceSplitter implements Splitter {
  readonly #most: number
  readonly #onOverlong: (bytesSeen: number) => void
  #parts: Buffer[] = []
  #length = 0
  #lineFeeds = 0
  #endsInLineFeed = true
  #isHandingOver = false

  constructor({ maxLineBytes, onOverlong }: Required<LineSplitterOptions>) {
    this.#most = maxLineBytes
    this.#onOverlong = onOverlong
  }

  get lineNumber(): number {
    return this.#isHandingOver ? 1 : this.#lineFeeds + (this.#endsInLineFeed ? 0 : 1)
  }

  /** Copies the chunk. From the longest length on it only counts, and lets go of what it held. */
  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#length += chunk.length
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) this.#lineFeeds++
    this.#endsInLineFeed = chunk[chunk.length - 1] === LINE_FEED
    if (this.#length > this.#most) this.#parts = []
    else this.#parts.push(Buffer.from(chunk))
  }

  finish(onRecord: OnLine): void {
    if (this.#length === 0) return
    this.#isHandingOver = true
    if (this.#length > this.#most) this.#onOverlong(this.#length)
    else onRecord(Buffer.concat(this.#parts), 0, this.#length)
    this.#isHandingOver = false
  }
}
