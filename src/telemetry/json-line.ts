import { isUtf8 } from 'node:buffer'
import type { LineProblem, LineProblemCode } from './decoder.js'
import { explainJsonFault } from './json-fault.js'

/** An object as `JSON.parse` gives it: a field named `__proto__` is a field like any other. */
export type JsonObject = Readonly<Record<string, unknown>>

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
const DECIMAL = /^\d{1,15}(?:\.\d{1,15})?$/

/**
 * Reads one line as a JSON object, and its fields by the type they should have. A field that is missing or null is
 * undefined; one of another type is undefined too, with a warning. Bytes that are not UTF-8 become U+FFFD, with a
 * warning. One instance serves line after line.
 */
export class JsonLine {
  #bytes: Buffer = NO_BYTES
  #start = 0
  #end = 0
  #text = ''
  #object: JsonObject = {}
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
    this.#object = value as JsonObject
    return null
  }

  /** The field's value, whatever it is. */
  value(name: string): unknown {
    return this.#object[name]
  }

  has(name: string): boolean {
    return this.#object[name] !== undefined && this.#object[name] !== null
  }

  text(name: string): string | undefined {
    const value = this.#object[name]
    return typeof value === 'string' ? value : this.#absent(name, value, 'text')
  }

  /** As `text`, but empty text counts as missing. */
  filledText(name: string): string | undefined {
    return this.text(name) || undefined
  }

  number(name: string): number | undefined {
    const value = this.#object[name]
    return typeof value === 'number' ? value : this.#absent(name, value, 'a number')
  }

  /** A number, or decimal digits written as text. */
  decimal(name: string): number | undefined {
    const value = this.#object[name]
    if (typeof value !== 'string') return this.number(name)
    return DECIMAL.test(value) ? Number(value) : this.#absent(name, value, 'a number')
  }

  /** Refuses the line for want of a text that no event can do without. */
  refuseField(name: string): RefusedLine {
    const value = this.#object[name]
    if (value === undefined || value === null || value === '') {
      return new RefusedLine('missing-field', `"${name}" is missing`)
    }
    return new RefusedLine('wrong-type', `"${name}" should be text, but is ${nameOfType(value)}`)
  }

  warn(code: LineProblemCode, message: string): void {
    this.#warnings ??= []
    this.#warnings.push({ code, message, column: null })
  }

  /** What was wrong with the line and with the fields read so far. To be asked once, while the buffer is unchanged. */
  warnings(): readonly LineProblem[] {
    if (this.#text.includes(REPLACEMENT_CHARACTER) && !isUtf8(this.#bytes.subarray(this.#start, this.#end))) {
      this.warn('invalid-utf8', 'the line holds bytes that are not UTF-8; each was replaced by U+FFFD')
    }
    return this.#warnings ?? NO_WARNINGS
  }

  #absent(name: string, value: unknown, expected: string): undefined {
    if (value === undefined || value === null) return
    this.warn('wrong-type', `"${name}" should be ${expected}, but is ${nameOfType(value)}; the field was left out`)
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

/** The type of a JSON value in words: `text`, `number`, `list`, … */
export function nameOfType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  return typeof value === 'string' ? 'text' : typeof value
}
