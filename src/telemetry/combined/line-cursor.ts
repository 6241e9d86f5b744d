import { readLoggedText } from './logged-text.js'

const SPACE = 0x20
const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Walks over the fields of one line, each behind one space. Only forwards, so a walk is linear in the line. */
export class LineCursor {
  readonly #bytes: Buffer
  readonly #end: number
  #at: number

  /** Begins at the space before the first field to take. */
  constructor(bytes: Buffer, at: number, end: number) {
    this.#bytes = bytes
    this.#at = at
    this.#end = end
  }

  /** Where the next field begins, or the walk has stopped: a byte offset. */
  get at(): number {
    return this.#at
  }

  /** The next field, up to a space; empty where there is none. */
  field(): string {
    if (!this.#standsBefore(SPACE)) return ''
    const start = ++this.#at
    while (this.#at < this.#end && this.#bytes[this.#at] !== SPACE) this.#at++
    return this.#bytes.toString('latin1', start, this.#at)
  }

  /** Whether the next field is in quotes. */
  isQuoted(): boolean {
    return this.#standsBefore(SPACE) && this.#at + 1 < this.#end && this.#bytes[this.#at + 1] === QUOTE
  }

  /** The text of the next field, which must be in quotes, escapes undone; null where the line ends before the quotes do. */
  quoted(): string | null {
    const start = this.#at + 2
    this.#at = start
    while (this.#at < this.#end && this.#bytes[this.#at] !== QUOTE) this.#at += this.#standsBefore(BACKSLASH) ? 2 : 1
    if (this.#at >= this.#end) {
      this.#at = this.#end
      return null
    }
    return readLoggedText(this.#bytes, start, this.#at++)
  }

  #standsBefore(byte: number): boolean {
    return this.#at < this.#end && this.#bytes[this.#at] === byte
  }
}
