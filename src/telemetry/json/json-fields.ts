import type { LineProblemCode } from '../decoder.js'

/** An object as `JSON.parse` gives it: a field named `__proto__` is a field like any other. */
export type JsonObject = Readonly<Record<string, unknown>>

const DECIMAL = /^\d{1,15}(?:\.\d{1,15})?$/
/** Most items of a list that are read: more than any program writes of one connection. */
export const MOST_ITEMS = 4096
const NOTHING: JsonObject = Object.freeze({})

/**
 * The fields of a JSON object, each read by the type it should have. A field that is missing or null is undefined; one of
 * another type is undefined too, with a warning. Nothing here throws.
 */
export abstract class JsonFields {
  protected abstract readonly object: JsonObject

  /** How a warning calls a field: with the way that leads to it. */
  protected abstract pathOf(name: string): string

  abstract warn(code: LineProblemCode, message: string): void

  /** The field's value, whatever it is. */
  value(name: string): unknown {
    return this.object[name]
  }

  /** The names of all fields, in their order. */
  names(): readonly string[] {
    return Object.keys(this.object)
  }

  has(name: string): boolean {
    return this.object[name] !== undefined && this.object[name] !== null
  }

  text(name: string): string | undefined {
    const value = this.object[name]
    return typeof value === 'string' ? value : this.#absent(name, value, 'text')
  }

  /** As `text`, but empty text counts as missing. */
  filledText(name: string): string | undefined {
    return this.text(name) || undefined
  }

  number(name: string): number | undefined {
    const value = this.object[name]
    return typeof value === 'number' ? value : this.#absent(name, value, 'a number')
  }

  /** A number, or decimal digits written as text. */
  decimal(name: string): number | undefined {
    const value = this.object[name]
    if (typeof value !== 'string') return this.number(name)
    return DECIMAL.test(value) ? Number(value) : this.#absent(name, value, 'a number')
  }

  /**
   * The texts of a list; none where the field is missing. What is no text is left out, with one warning, and so is what
   * comes after the first 4096 items.
   */
  texts(name: string): readonly string[] {
    const list = this.#list(name)
    const texts = list.filter((item) => typeof item === 'string')
    if (texts.length < list.length) this.#warnOfItems(name, list.length - texts.length, 'text')
    return texts
  }

  /** The fields of an object inside this one; of an empty one where it is missing. */
  fields(name: string): JsonFields {
    const value = this.object[name]
    const isFine = isJsonObject(value)
    if (!isFine) this.#absent(name, value, 'an object')
    return new NestedFields(this, this.pathOf(name), isFine ? value : NOTHING)
  }

  /** The objects of a list; none where the field is missing. What is left out is that of `texts`. */
  list(name: string): readonly JsonFields[] {
    const list = this.#list(name)
    const objects = list.filter(isJsonObject)
    if (objects.length < list.length) this.#warnOfItems(name, list.length - objects.length, 'objects')
    return objects.map((object, index) => new NestedFields(this, `${this.pathOf(name)}[${index}]`, object))
  }

  #list(name: string): readonly unknown[] {
    const value = this.object[name]
    if (!Array.isArray(value)) return this.#absent(name, value, 'a list') ?? []
    if (value.length <= MOST_ITEMS) return value
    this.warn(
      'too-much',
      `"${this.pathOf(name)}" has ${value.length} items; those after the first ${MOST_ITEMS} were left out`,
    )
    return value.slice(0, MOST_ITEMS)
  }

  #warnOfItems(name: string, count: number, expected: string): void {
    this.warn('wrong-type', `"${this.pathOf(name)}" should hold ${expected} only; ${count} of its items were left out`)
  }

  #absent(name: string, value: unknown, expected: string): undefined {
    if (value === undefined || value === null) return
    const found = nameOfType(value)
    this.warn('wrong-type', `"${this.pathOf(name)}" should be ${expected}, but is ${found}; the field was left out`)
  }
}

/** Fields of an object that lies in another one, whose warnings are those of the line. */
class NestedFields extends JsonFields {
  protected readonly object: JsonObject
  readonly #parent: JsonFields
  readonly #path: string

  constructor(parent: JsonFields, path: string, object: JsonObject) {
    super()
    this.#parent = parent
    this.#path = path
    this.object = object
  }

  protected pathOf(name: string): string {
    return `${this.#path}.${name}`
  }

  warn(code: LineProblemCode, message: string): void {
    this.#parent.warn(code, message)
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The type of a JSON value in words: `text`, `number`, `list`, … */
export function nameOfType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  return typeof value === 'string' ? 'text' : typeof value
}
