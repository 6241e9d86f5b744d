import type { FileHandle } from 'node:fs/promises'
import { readAt } from './read-at.js'

const LINE_FEED = 0x0a
const READ_BYTES = 256 * 1024
/** Longest line that is handed over, with its ending. */
const LONGEST = (1 << 20) + 2

/** What lies next in a file. */
export type NextLines =
  | { readonly kind: 'lines'; readonly bytes: Buffer }
  /** A line that is too long to be taken: up to where it goes, and its length without the line feed. */
  | { readonly kind: 'overlong'; readonly end: number; readonly length: number }
  /** Nothing but the begin of a line, looked through up to a place. */
  | { readonly kind: 'nothing'; readonly searchedTo: number }

/** Reads lines that have their ending, into one buffer: what is handed over is valid until the next call. */
export class WholeLines {
  readonly #buffer = Buffer.allocUnsafeSlow(LONGEST)

  /**
   * @param start of a line
   * @param end of what is to be read
   * @param searchedTo how far it is known that the line goes on
   */
  async next(file: FileHandle, start: number, end: number, searchedTo: number): Promise<NextLines> {
    if (searchedTo >= start + LONGEST) return this.#findEnd(file, start, end, searchedTo)
    for (const size of [READ_BYTES, LONGEST]) {
      const bytes = await readAt(file, this.#buffer.subarray(0, Math.max(Math.min(size, end - start), 0)), start)
      const last = bytes.lastIndexOf(LINE_FEED)
      if (last >= 0) return { kind: 'lines', bytes: bytes.subarray(0, last + 1) }
      if (bytes.length < size) return { kind: 'nothing', searchedTo: 0 }
    }
    return this.#findEnd(file, start, end, start + LONGEST)
  }

  /** What is left from a place on: a last line without its ending. Null where that is too long to be taken. */
  async rest(file: FileHandle, start: number): Promise<Buffer | null> {
    const bytes = await readAt(file, this.#buffer, start)
    return bytes.length < LONGEST ? bytes : null
  }

  async #findEnd(file: FileHandle, start: number, end: number, from: number): Promise<NextLines> {
    for (let place = from; place < end; ) {
      const bytes = await readAt(file, this.#buffer.subarray(0, Math.min(LONGEST, end - place)), place)
      const found = bytes.indexOf(LINE_FEED)
      if (found >= 0) return { kind: 'overlong', end: place + found + 1, length: place + found - start }
      if (bytes.length === 0) break
      place += bytes.length
    }
    return { kind: 'nothing', searchedTo: Math.max(from, end) }
  }
}
