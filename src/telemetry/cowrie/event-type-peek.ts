import type { ByteNames } from '../byte-names.js'
import { ForwardSearch } from '../forward-search.js'

const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d
const QUOTE = 0x22
const COLON = 0x3a
const SPACE = 0x20
const LETTER_E = 0x65
const LONGEST_EVENT_TYPE = 64

/** The end of the key `"eventid"`: its first character is rare in log lines, which makes the search for it fast. */
const KEY_TAIL = 'ventid"'

/**
 * Looks at a line's event type without parsing the line, so that the events that nobody uses need no parsing.
 *
 * A buffer object must not change while its lines are asked for in ascending order (`LineSplitter` sees to that).
 */
export class EventTypePeek<Value> {
  readonly #names: ByteNames<Value>
  readonly #keyTail = new ForwardSearch(KEY_TAIL)
  readonly #backslash = new ForwardSearch('\\')
  readonly #brace = new ForwardSearch('{')
  #bytes: Buffer | null = null
  #start = 0
  #end = 0
  #tail = 0

  constructor(names: ByteNames<Value>) {
    this.#names = names
  }

  /** What the table says of the first event type in `bytes[start, end)`. A guess: see `isCertain`. */
  peek(bytes: Buffer, start: number, end: number): Value | undefined {
    if (start < this.#end) this.#forget()
    this.#bytes = bytes
    this.#start = start
    this.#end = end
    this.#tail = this.#keyTail.find(bytes, start)
    const key = this.#tail - 2
    if (this.#tail >= end || key <= start || bytes[key] !== QUOTE || bytes[key + 1] !== LETTER_E) return undefined
    return this.#valueAt(bytes, this.#tail + KEY_TAIL.length, end)
  }

  /**
   * Whether the guess just made is right for sure, provided that the line is JSON. It is where all of this holds. The
   * line has no backslash: then each quote delimits a string, so `"eventid"` before a colon is a key, and no key is
   * spelled in another way. The key is the first thing in the line, or no brace opens between the line's own and the
   * key: then it is the outermost object's own. It stands in the line once: then no later one replaces its value. What
   * an attacker types cannot feign any of it, because a logger escapes the quotes in what it writes. And the line ends in
   * a brace, so it is not a truncated one.
   */
  isCertain(): boolean {
    const bytes = this.#bytes!
    if (bytes[this.#start] !== OPENING_BRACE || bytes[this.#end - 1] !== CLOSING_BRACE) return false
    if (this.#keyTail.find(bytes, this.#tail + 1) < this.#end) return false
    if (this.#backslash.find(bytes, this.#start) < this.#end) return false
    const key = this.#tail - 2
    return key === this.#start + 1 || this.#brace.find(bytes, this.#start + 1) > key
  }

  /** What the table says of the text after the colon at `index`, should both be there. */
  #valueAt(bytes: Buffer, index: number, end: number): Value | undefined {
    const colon = skipSpaces(bytes, index)
    if (bytes[colon] !== COLON) return undefined
    const quote = skipSpaces(bytes, colon + 1)
    if (bytes[quote] !== QUOTE) return undefined
    const limit = Math.min(end, quote + LONGEST_EVENT_TYPE)
    let nameEnd = quote + 1
    while (nameEnd < limit && bytes[nameEnd] !== QUOTE) nameEnd++
    return nameEnd < limit ? this.#names.get(bytes, quote + 1, nameEnd) : undefined
  }

  #forget(): void {
    this.#keyTail.forget()
    this.#backslash.forget()
    this.#brace.forget()
  }
}

function skipSpaces(bytes: Buffer, start: number): number {
  let index = start
  while (bytes[index] === SPACE) index++
  return index
}
