import type { LineSplitterOptions, OnLine, Splitter } from '../splitting/line-splitter.js'
import { readEnvelopeLine } from './envelope-line.js'

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const CAPITAL_F = 0x46
/** So much of a line tells whether it is an envelope line. */
const TELLING_LENGTH = 500

/**
 * Cuts a mailbox file into mails, each from its envelope line, which stands first or behind a blank line, to the next one
 * (RFC 4155). Holds one mail; what lies before the first is passed over.
 */
export class MailboxSplitter implements Splitter {
  readonly #most: number
  readonly #onOverlong: (bytesSeen: number) => void
  /** What there is of the mail, unless it is too long. */
  #parts: Buffer[] = []
  #length = 0
  /** Line that the mail began with; 0 before the first mail. */
  #firstLine = 0
  /** Lines whose end was seen. */
  #lines = 0
  /** The begin of a line that does not tell yet what it is. */
  #undecided: Buffer | null = null
  #isWithinLine = false
  #isAfterBlank = true
  #isHandingOver = false

  constructor({ maxLineBytes, onOverlong }: Required<LineSplitterOptions>) {
    this.#most = maxLineBytes
    this.#onOverlong = onOverlong
  }

  /** Number of the line that the mail begins on which is handed over, from 1; between calls, of lines so far. */
  get lineNumber(): number {
    if (this.#isHandingOver) return this.#firstLine
    return this.#lines + (this.#isWithinLine || this.#undecided !== null ? 1 : 0)
  }

  /** Hands over each mail that another one ends. The chunk may be reused afterwards. */
  push(chunk: Buffer, onRecord: OnLine): void {
    const bytes = this.#undecided === null ? chunk : Buffer.concat([this.#undecided, chunk])
    this.#undecided = null
    let kept = 0
    let start = 0
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      if (this.#beginsMail(bytes, start, end)) kept = this.#beginMail(bytes, kept, start, onRecord)
      this.#isAfterBlank = !this.#isWithinLine && isBlank(bytes, start, end)
      this.#isWithinLine = false
      this.#lines++
      start = end + 1
    }
    if (bytes.length - start <= TELLING_LENGTH) {
      this.#keep(bytes, kept, start)
      if (start < bytes.length) this.#undecided = Buffer.from(bytes.subarray(start))
      return
    }
    if (this.#beginsMail(bytes, start, bytes.length)) kept = this.#beginMail(bytes, kept, start, onRecord)
    this.#isWithinLine = true
    this.#keep(bytes, kept, bytes.length)
  }

  finish(onRecord: OnLine): void {
    const rest = this.#undecided
    if (rest !== null) {
      if (this.#beginsMail(rest, 0, rest.length)) this.#beginMail(rest, 0, 0, onRecord)
      this.#keep(rest, 0, rest.length)
    }
    this.#deliver(onRecord)
  }

  #beginsMail(bytes: Buffer, start: number, end: number): boolean {
    if (this.#isWithinLine || !this.#isAfterBlank || bytes[start] !== CAPITAL_F) return false
    return readEnvelopeLine(bytes.toString('latin1', start, Math.min(end, start + TELLING_LENGTH))) !== null
  }

  /** Ends the mail before, and answers where the new one begins. */
  #beginMail(bytes: Buffer, kept: number, start: number, onRecord: OnLine): number {
    this.#keep(bytes, kept, start)
    this.#deliver(onRecord)
    this.#firstLine = this.#lines + 1
    return start
  }

  /** From the longest length on it only counts, and lets go of what it held. */
  #keep(bytes: Buffer, start: number, end: number): void {
    if (this.#firstLine === 0 || start === end) return
    this.#length += end - start
    if (this.#length > this.#most) this.#parts = []
    else this.#parts.push(Buffer.from(bytes.subarray(start, end)))
  }

  #deliver(onRecord: OnLine): void {
    const parts = this.#parts
    const length = this.#length
    this.#parts = []
    this.#length = 0
    if (this.#firstLine === 0) return
    this.#isHandingOver = true
    if (length > this.#most) this.#onOverlong(length)
    else onRecord(Buffer.concat(parts), 0, length)
    this.#isHandingOver = false
  }
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  return start === end || (end === start + 1 && bytes[start] === CARRIAGE_RETURN)
}
