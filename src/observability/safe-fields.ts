import { terminalSafe } from '../text/terminal-safe.js'
import { truncateEnd } from '../text/truncate.js'

/** Longest text of a field, in UTF-16 units, before what is unsafe in it is escaped. */
const MOST_OF_A_TEXT = 200
const MOST_ITEMS = 20
const MOST_LEVELS = 3
/** Written by the log itself: a field of that name stands beside it with an underscore. */
const TAKEN: ReadonlySet<string> = new Set(['level', 'time', 'message'])

/** A class of errors, as `instanceof` takes it. */
export type ErrorClass = abstract new (...parameters: never[]) => Error

/**
 * What a log may say of fields: texts cut to 200 characters with everything escaped that could steer a terminal, of errors
 * the class and the code (of `ownErrors` the message, too), lists and objects bounded in width and depth.
 */
export function safeFields(
  fields: Readonly<Record<string, unknown>>,
  ownErrors: readonly ErrorClass[],
): Readonly<Record<string, unknown>> {
  return safeEntries(fields, { ownErrors, levels: MOST_LEVELS }, (name) => (TAKEN.has(name) ? `${name}_` : name))
}

/** A text that is safe to print, at most so long before it is escaped. */
export function safeText(text: string, limit: number = MOST_OF_A_TEXT): string {
  return terminalSafe(truncateEnd(text, limit))
}

interface Bounds {
  readonly ownErrors: readonly ErrorClass[]
  /** Levels of lists and objects that are still told. */
  readonly levels: number
}

function safeValue(value: unknown, bounds: Bounds): unknown {
  if (typeof value === 'string') return safeText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (bounds.levels === 0) return '[…]'
  const below = { ...bounds, levels: bounds.levels - 1 }
  if (value instanceof Error) return describeError(value, below)
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS).map((item) => safeValue(item, below))
  return safeEntries(value, below)
}

function safeEntries(object: object, bounds: Bounds, rename = (name: string) => name): Record<string, unknown> {
  const entries = Object.entries(object).slice(0, MOST_ITEMS)
  return Object.fromEntries(entries.map(([name, value]) => [rename(safeText(name)), safeValue(value, bounds)]))
}

function describeError(error: Error, bounds: Bounds): Record<string, unknown> {
  const { name, message, cause } = error
  const { code } = error as { readonly code?: unknown }
  const isOurs = bounds.ownErrors.some((own) => error instanceof own)
  return {
    name: safeValue(name, bounds),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: safeValue(code, bounds) } : {}),
    ...(isOurs ? { message: safeText(message) } : {}),
    ...(cause instanceof Error ? { cause: safeValue(cause, bounds) } : {}),
  }
}
