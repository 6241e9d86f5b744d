const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const DEFAULT_MAX_LINE_BYTES = 1 << 20
const FIRST_CARRY_BYTES = 4096
const IGNORE = () => {}

/** Receives one line: `bytes[start, end)` without its line ending, valid until the call returns. */
export type OnLine = (bytes: Buffer, start: number, end: number) => void

export interface LineSplitterOptions {
  /** Longest line that is handed over, in bytes without its line ending. Default 1 MiB. */
  readonly maxLineBytes?: number
  /** Told of each line beyond that, once its end was seen, with its length in bytes without the line ending. */
  readonly onOverlong?: (bytesSeen: number) => void
}

/** Cuts a byte stream into what is decoded one by one. */
export interface Splitter {
  /** Number of the line that is being handed over, from 1; between calls, of the last one; 0 before the first. */
  readonly lineNumber: number
  /** Hands over what ends in this chunk, in order. The chunk may be reused afterwards. */
  push(chunk: Buffer, onLine: OnLine): void
  /** Hands over what has no end yet. Call once, after the last chunk. */
  finish(onLine: OnLine): void
}

/**
 * Splits a byte stream into lines at LF and CRLF, whatever way it was cut into chunks. It works on bytes, so a
 * character that two chunks share is whole when its line is handed over. A byte order mark of UTF-8 at the start of the
 * stream is not part of the first line. Memory is bounded by twice the longest line allowed, time is linear in the
 * bytes pushed, and a line that lies within one chunk is not copied.
 *
 * The buffer object handed over is another one for each chunk and for each line that was joined from several, so its
 * identity tells contents apart even where the caller reads into the same memory again.
 */
export class LineSplitter implements Splitter {
  readonly #maxLineBytes: number
  readonly #onOverlong: (bytesSeen: number) => void
  /** The start of a line whose end was not seen yet, in the first `#pending` bytes, unless that line is overlong. */
  #carry = Buffer.alloc(0)
  #pending = 0
  #pendingEndsInReturn = false
  #lineNumber = 0
  #bytesConsumed = 0

  constructor(options: LineSplitterOptions = {}) {
    this.#maxLineBytes = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES
    this.#onOverlong = options.onOverlong ?? IGNORE
  }

  /** Number of the line being handed over or reported, from 1; between calls, of the last one; 0 before the first. */
  get lineNumber(): number {
    return this.#lineNumber
  }

  /** Bytes of the stream up to the end of that line, its line ending included. */
  get bytesConsumed(): number {
    return this.#bytesConsumed
  }

  /** Hands over each line that ends in this chunk, in order. The chunk may be reused afterwards. */
  push(chunk: Buffer, onLine: OnLine): void {
    const bytes = chunk.subarray()
    let start = 0
    let end = bytes.indexOf(LINE_FEED)
    if (this.#pending > 0 && end >= 0) {
      this.#join(bytes, end, onLine)
      start = end + 1
      end = bytes.indexOf(LINE_FEED, start)
    }
    while (end >= 0) {
      this.#bytesConsumed += end + 1 - start
      this.#deliver(bytes, start, end, onLine)
      start = end + 1
      end = bytes.indexOf(LINE_FEED, start)
    }
    if (start < bytes.length) this.#keep(bytes, start, bytes.length)
  }

  /** Hands over the last line if the stream did not end in a line ending. Call once, after the last chunk. */
  finish(onLine: OnLine): void {
    if (this.#pending === 0) return
    this.#bytesConsumed += this.#pending
    this.#deliverPending(onLine)
  }

  #join(bytes: Buffer, end: number, onLine: OnLine): void {
    this.#keep(bytes, 0, end)
    this.#bytesConsumed += this.#pending + 1
    this.#deliverPending(onLine)
  }

  #deliverPending(onLine: OnLine): void {
    const length = this.#pending
    const endsInReturn = this.#pendingEndsInReturn
    this.#pending = 0
    if (length <= this.#carryLimit) {
      this.#deliver(this.#carry.subarray(0, length), 0, length, onLine)
    } else {
      this.#lineNumber++
      this.#onOverlong(endsInReturn ? length - 1 : length)
    }
  }

  #deliver(bytes: Buffer, start: number, end: number, onLine: OnLine): void {
    this.#lineNumber++
    const contentEnd = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end
    if (contentEnd - start > this.#maxLineBytes) {
      this.#onOverlong(contentEnd - start)
    } else {
      const hasMark = this.#lineNumber === 1 && startsWithByteOrderMark(bytes, start, contentEnd)
      onLine(bytes, hasMark ? start + 3 : start, contentEnd)
    }
  }

  /** A line of exactly the longest length may be followed by a carriage return. */
  get #carryLimit(): number {
    return this.#maxLineBytes + 1
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    if (end === start) return
    const length = this.#pending + end - start
    if (length <= this.#carryLimit) {
      this.#reserve(length)
      bytes.copy(this.#carry, this.#pending, start, end)
    }
    this.#pending = length
    this.#pendingEndsInReturn = bytes[end - 1] === CARRIAGE_RETURN
  }

  /** Doubles, so that a line that comes in many chunks is copied a constant number of times. */
  #reserve(length: number): void {
    if (length <= this.#carry.length) return
    const capacity = Math.min(this.#carryLimit, Math.max(FIRST_CARRY_BYTES, this.#carry.length * 2, length))
    const larger = Buffer.allocUnsafeSlow(capacity)
    this.#carry.copy(larger, 0, 0, this.#pending)
    this.#carry = larger
  }
}

function startsWithByteOrderMark(bytes: Buffer, start: number, end: number): boolean {
  return end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf
}
