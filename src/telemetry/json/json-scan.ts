export type JsonFaultReason =
  | 'ends-early'
  | 'control-character'
  | 'invalid-escape'
  | 'unexpected-character'
  | 'text-after-end'

/** What is wrong with a JSON text, and at which UTF-16 index. */
export interface JsonFault {
  readonly reason: JsonFaultReason
  readonly index: number
}

type Expected = 'value' | 'value-or-close' | 'key' | 'key-or-close' | 'colon' | 'comma-or-close' | 'end'

const SPACE = /[ \t\r\n]*/y
const NUMBER_START = /-?\d/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y
const LITERALS = ['true', 'false', 'null'] as const

/**
 * The first fault that makes `text` no JSON (RFC 8259), or null if it is JSON. Linear in time, without
 * recursion.
 */
export function findJsonFault(text: string): JsonFault | null {
  return new JsonScan(text).run()
}

class JsonScan {
  readonly #text: string
  /** For each open bracket, whether it is an object's. */
  readonly #open: boolean[] = []
  #index = 0
  #expected: Expected = 'value'

  constructor(text: string) {
    this.#text = text
  }

  run(): JsonFault | null {
    for (;;) {
      this.#take(SPACE)
      if (this.#index >= this.#text.length) return this.#expected === 'end' ? null : this.#fault('ends-early')
      if (this.#expected === 'end') return this.#fault('text-after-end')
      const fault = this.#step(this.#text[this.#index]!)
      if (fault !== null) return fault
    }
  }

  #step(character: string): JsonFault | null {
    switch (this.#expected) {
      case 'colon':
        return this.#punctuation(character === ':', 'value')
      case 'comma-or-close':
        if (character === ',') return this.#punctuation(true, this.#open.at(-1) ? 'key' : 'value')
        return this.#close(character)
      case 'key':
      case 'key-or-close':
        if (character === '"') return this.#string('colon')
        return this.#expected === 'key' ? this.#fault('unexpected-character') : this.#close(character)
      default:
        if (this.#expected === 'value-or-close' && character === ']') return this.#close(character)
        return this.#value(character)
    }
  }

  #value(character: string): JsonFault | null {
    if (character === '{' || character === '[') {
      this.#open.push(character === '{')
      return this.#punctuation(true, character === '{' ? 'key-or-close' : 'value-or-close')
    }
    const after = this.#open.length === 0 ? 'end' : 'comma-or-close'
    if (character === '"') return this.#string(after)
    this.#expected = after
    return character === '-' || (character >= '0' && character <= '9') ? this.#number() : this.#literal(character)
  }

  #close(character: string): JsonFault | null {
    if (character !== (this.#open.at(-1) ? '}' : ']')) return this.#fault('unexpected-character')
    this.#open.pop()
    return this.#punctuation(true, this.#open.length === 0 ? 'end' : 'comma-or-close')
  }

  #punctuation(holds: boolean, next: Expected): JsonFault | null {
    if (!holds) return this.#fault('unexpected-character')
    this.#index++
    this.#expected = next
    return null
  }

  #string(after: Expected): JsonFault | null {
    this.#index++
    for (;;) {
      this.#take(PLAIN_TEXT)
      const character = this.#text[this.#index]
      if (character === undefined) return this.#fault('ends-early')
      if (character === '"') return this.#punctuation(true, after)
      if (character !== '\\') return this.#fault('control-character')
      if (!this.#take(ESCAPE)) return this.#fault(this.#endsInsideEscape() ? 'ends-early' : 'invalid-escape')
    }
  }

  #endsInsideEscape(): boolean {
    const rest = this.#text.slice(this.#index, this.#index + 6)
    return this.#index + rest.length === this.#text.length && /^\\(?:u[\da-fA-F]{0,3})?$/.test(rest)
  }

  #number(): JsonFault | null {
    NUMBER_START.lastIndex = this.#index
    if (!NUMBER_START.test(this.#text)) {
      this.#index++
      return this.#faultHere()
    }
    this.#take(NUMBER)
    const next = this.#text[this.#index]
    // The number went on (`1.`, `1e`) but not as one may.
    if (next === '.' || next === 'e' || next === 'E') {
      this.#take(/[.eE][+-]?/y)
      return this.#faultHere()
    }
    return null
  }

  #literal(character: string): JsonFault | null {
    const literal = LITERALS.find((word) => word[0] === character)
    if (literal === undefined) return this.#fault('unexpected-character')
    for (const expected of literal) {
      if (this.#text[this.#index] !== expected) return this.#faultHere()
      this.#index++
    }
    return null
  }

  #faultHere(): JsonFault {
    return this.#fault(this.#index >= this.#text.length ? 'ends-early' : 'unexpected-character')
  }

  #fault(reason: JsonFaultReason): JsonFault {
    return { reason, index: this.#index }
  }

  /** Moves behind what the sticky pattern matches here; false if it matches nothing. */
  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#index
    if (!pattern.test(this.#text)) return false
    this.#index = pattern.lastIndex
    return true
  }
}
