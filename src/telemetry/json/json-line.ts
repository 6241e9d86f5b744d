import { isUtf8 } from 'node:buffer'
import type { LineProblem, LineProblemCode } from '../decoder.js'
import { explainJsonFault } from './json-fault.js'
import { JsonFields, type JsonObject, nameOfType } from './json-fields.js'

/** A line that gives no event, and why: the `refused` case of `Decoded`. */
export class RefusedLine {
  readonly kind = 'refused'
  readonly problem: LineProblem

  constructor(code: LineProblemCode, message: string, column: number | null = null) {
    this.problem = { code, message, column }
  }
}

const NO_WARNINGS: readonly LineProblem[] = Object.freeze([])
const NO_BYTES = Buffer.alloc(0)
const REPLACEMENT_CHARACTER = '\uFFFD'
/** Enough to tell what is wrong with a line; a list of a thousand wrong items is told once. */
const MOST_WARNINGS = 20

/**
 * Reads one line as a JSON object, and its fields as `JsonFields` does. Bytes that are not UTF-8 become U+FFFD, with a
 * warning. One instance serves line after line; the fields of objects inside it are those of the line that was read last.
 */
export class JsonLine extends JsonFields {
  protected object: JsonObject = {}
  #bytes: Buffer = NO_BYTES
  #start = 0
  #end = 0
  #text = ''
  #warnings: LineProblem[] | null = null

  /** Moves on to `bytes[start, end)`. A refusal's message quotes at most one printable ASCII character of the line. */
  read(bytes: Buffer, start: number, end: number): RefusedLine | null {
    this.#bytes = bytes
    this.#start = start
    this.#end = end
    this.#warnings = null
    this.#text = bytes.toString('utf8', start, end)
    if (this.#text.trimStart().startsWith('[')) return new RefusedLine('not-an-object', LOOKS_LIKE_ARRAY, 1)
    let value: unknown
    try {
      value = JSON.parse(this.#text)
    } catch {
      const { message, column } = explainJsonFault(this.#text)
      return new RefusedLine('invalid-json', message, column)
    }
    if (typeof value !== 'object' || value === null) {
      return new RefusedLine('not-an-object', `a JSON object is expected, but the line is a ${nameOfType(value)}`, 1)
    }
    this.object = value as JsonObject
    return null
  }

  /** Moves on to an object that somebody else has parsed. */
  take(object: JsonObject): void {
    this.#bytes = NO_BYTES
    this.#start = this.#end = 0
    this.#text = ''
    this.#warnings = null
    this.object = object
  }

  /** Refuses the line for want of a field that no event can do without. */
  refuseField(name: string, expected = 'text'): RefusedLine {
    const value = this.value(name)
    if (value === undefined || value === null || value === '') {
      return new RefusedLine('missing-field', `"${name}" is missing`)
    }
    return new RefusedLine('wrong-type', `"${name}" should be ${expected}, but is ${nameOfType(value)}`)
  }

  warn(code: LineProblemCode, message: string): void {
    this.#warnings ??= []
    if (this.#warnings.length < MOST_WARNINGS) this.#warnings.push({ code, message, column: null })
  }

  /** What was wrong with the line and with the fields read so far. To be asked once, while the buffer is unchanged. */
  warnings(): readonly LineProblem[] {
    if (this.#text.includes(REPLACEMENT_CHARACTER) && !isUtf8(this.#bytes.subarray(this.#start, this.#end))) {
      this.warn('invalid-utf8', 'the line holds bytes that are not UTF-8; each was replaced by U+FFFD')
    }
    return this.#warnings ?? NO_WARNINGS
  }

  protected pathOf(name: string): string {
    return name
  }
}

const LOOKS_LIKE_ARRAY =
  "this looks like one JSON array; one object per line is expected (jq -c '.[]' turns it into that)"

/** Whether `bytes[start, end)` is empty or nothing but spaces, tabs and carriage returns. */
export function isBlankLine(bytes: Buffer, start: number, end: number): boolean {
  let index = start
  while (index < end && (bytes[index] === 0x20 || bytes[index] === 0x09 || bytes[index] === 0x0d)) index++
  return index === end
}
