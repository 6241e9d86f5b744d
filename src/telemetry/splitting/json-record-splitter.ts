import type { LineSplitterOptions, OnLine, Splitter } from './line-splitter.js'

const LINE_FEED = 0x0a
const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const COMMA = 0x2c
const COLON = 0x3a
const FIRST_CARRY_BYTES = 4096
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

/**
 * Splits a byte stream into JSON objects: one a line, printed over several lines, one behind the other, or the items of a
 * list, whatever way the stream was cut into chunks. Objects inside objects belong to these. What is no object is handed
 * over as the rest of its line. So is an object that breaks off, as far as it goes: at a line feed inside a text, or before
 * a brace that stands where JSON allows none. Memory is bounded by twice the longest record allowed, time is linear.
 */
export class JsonRecordSplitter implements Splitter {
  readonly #most: number
  readonly #onOverlong: (bytesSeen: number) => void
  /** The record so far, in the first `#length` bytes, unless it is overlong. */
  #carry = Buffer.alloc(0)
  #length = 0
  #position = 0
  #line = 1
  #lastByte = LINE_FEED
  /** Where the record begins that is being read; 0 between records. */
  #recordLine = 0
  #isObject = false
  #depth = 0
  #isInText = false
  #isEscaped = false
  /** The last byte of the record outside texts that is no white space. */
  #lastSign = 0

  constructor({ maxLineBytes, onOverlong }: Required<LineSplitterOptions>) {
    this.#most = maxLineBytes
    this.#onOverlong = onOverlong
  }

  /** Number of the line that the record begins on which is handed over or reported, from 1; between calls, of lines so far. */
  get lineNumber(): number {
    if (this.#recordLine > 0) return this.#recordLine
    return this.#lastByte === LINE_FEED ? this.#line - 1 : this.#line
  }

  /** Hands over each record that ends in this chunk, in order. The chunk may be reused afterwards. */
  push(chunk: Buffer, onRecord: OnLine): void {
    const bytes = chunk.subarray()
    let start = 0
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index]!
      if (this.#recordLine > 0 && this.#isTornBefore(byte)) this.#end(bytes, { start, end: index }, onRecord)
      if (this.#recordLine === 0 && !this.#isBetween(byte)) {
        this.#begin(byte)
        start = index
      }
      const isLast = this.#recordLine > 0 && this.#isLast(byte)
      if (isLast) this.#end(bytes, { start, end: index + 1 }, onRecord)
      if (byte === LINE_FEED) this.#line++
      this.#lastByte = byte
      this.#position++
    }
    if (this.#recordLine > 0) this.#keep(bytes, start, bytes.length)
  }

  /** Hands over what has begun and not ended. Call once, after the last chunk. */
  finish(onRecord: OnLine): void {
    if (this.#recordLine > 0) this.#end(Buffer.alloc(0), { start: 0, end: 0 }, onRecord)
  }

  /** White space, what holds the items of a list together, and a byte order mark at the start of the stream. */
  #isBetween(byte: number): boolean {
    return (
      isWhiteSpace(byte) ||
      byte === COMMA ||
      byte === OPEN_BRACKET ||
      byte === CLOSE_BRACKET ||
      BYTE_ORDER_MARK[this.#position] === byte
    )
  }

  #begin(byte: number): void {
    this.#recordLine = this.#line
    this.#isObject = byte === OPEN_BRACE
    this.#depth = 0
    this.#isInText = false
    this.#isEscaped = false
    this.#lastSign = COLON
  }

  #isTornBefore(byte: number): boolean {
    if (byte !== OPEN_BRACE || !this.#isObject || this.#isInText) return false
    return this.#lastSign !== COMMA && this.#lastSign !== COLON && this.#lastSign !== OPEN_BRACKET
  }

  /** Whether the record ends with this byte. */
  #isLast(byte: number): boolean {
    if (!this.#isObject) return byte === LINE_FEED
    if (this.#isInText) return this.#isLastInText(byte)
    if (isWhiteSpace(byte)) return false
    this.#lastSign = byte
    if (byte === QUOTE) this.#isInText = true
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) return --this.#depth === 0
    return false
  }

  #isLastInText(byte: number): boolean {
    if (byte === LINE_FEED) return true
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === BACKSLASH) this.#isEscaped = true
    else if (byte === QUOTE) this.#isInText = false
    return false
  }

  #end(bytes: Buffer, { start, end }: { readonly start: number; readonly end: number }, onRecord: OnLine): void {
    const held = this.#length
    const length = held + end - start
    if (held > 0) this.#keep(bytes, start, end)
    this.#length = 0
    if (length > this.#most) this.#onOverlong(length)
    else if (held > 0) onRecord(this.#carry.subarray(0, length), 0, length)
    else onRecord(bytes, start, end)
    this.#recordLine = 0
    // What was handed over may still be looked at.
    this.#carry = Buffer.alloc(0)
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    const length = this.#length + end - start
    if (length <= this.#most) {
      this.#reserve(length)
      bytes.copy(this.#carry, this.#length, start, end)
    }
    this.#length = length
  }

  /** Doubles, so that a record that comes in many chunks is copied a constant number of times. */
  #reserve(length: number): void {
    if (length <= this.#carry.length) return
    const larger = Buffer.allocUnsafeSlow(
      Math.min(this.#most, Math.max(FIRST_CARRY_BYTES, this.#carry.length * 2, length)),
    )
    this.#carry.copy(larger, 0, 0, Math.min(this.#length, this.#carry.length))
    this.#carry = larger
  }
}

function isWhiteSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === LINE_FEED || byte === 0x0d
}
