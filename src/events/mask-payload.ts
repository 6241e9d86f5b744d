import { capText } from '../text/cap-text.js'
import { maskOnce } from './mask-once.js'
import type { Payload } from './tagger-event.js'

/** Longest text of a payload that is kept whole, in UTF-16 units. */
const LONGEST_TEXT = 262_144
/** No log nests deeper; a deeper payload is of somebody who tries. */
const DEEPEST = 16

/**
 * A payload as it may be kept: secrets in its texts are masked as in evidence, and very long texts are cut. A field whose
 * name says that it is one password loses its value whole.
 */
export function maskPayload(payload: Payload): Payload {
  return maskFields(payload, 0)
}

function maskFields(fields: Payload, depth: number): Payload {
  const masked: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'password') continue
    // Not by assignment, which takes `__proto__` for something else.
    Object.defineProperty(masked, name, { value: maskValue(value, name, depth), enumerable: true })
  }
  return masked
}

function maskValue(value: unknown, name: string, depth: number): unknown {
  if (typeof value === 'string') return maskText(value, name)
  if (typeof value !== 'object' || value === null) return value
  if (depth === DEEPEST) return null
  if (Array.isArray(value)) return value.map((item) => maskValue(item, name, depth + 1))
  return maskFields(value as Payload, depth + 1)
}

/** A header's name says what its value is: `authorization: Basic …`. */
function maskText(text: string, name: string): string {
  const capped = capText(text, LONGEST_TEXT)
  const masked = maskOnce(capped)
  if (!/auth|cookie|token|key|secret|pass/i.test(name)) return masked
  const prefix = `${name}: `
  const named = maskOnce(prefix + masked)
  return named.startsWith(prefix) ? named.slice(prefix.length) : masked
}
