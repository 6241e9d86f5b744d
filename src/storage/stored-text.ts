import { createHash } from 'node:crypto'

/**
 * Text of attackers may hold what PostgreSQL cannot store: NUL and halves of surrogate pairs. On all backends alike these
 * are stored as the control character "data link escape" and four hexadecimal digits; so is that character itself, which
 * makes it reversible. Any other text is stored as it is.
 */
const ESCAPE = '\u0010'
const UNSTORABLE = /[\0\u0010\p{Surrogate}]/u
const EVERY_UNSTORABLE = /[\0\u0010\p{Surrogate}]/gu
const EVERY_ESCAPED = /\u0010([0-9a-f]{4})/g

/** Longer keys are shortened: PostgreSQL refuses index entries above 2,704 bytes, and an escaped unit takes five. */
const LONGEST_KEY = 400

/** How a text is stored. */
export function storedText(text: string): string {
  return UNSTORABLE.test(text) ? text.replaceAll(EVERY_UNSTORABLE, escapeUnit) : text
}

/**
 * How a text that stands in an index is stored: one of more than 400 UTF-16 units as its first 400, an ellipsis and the
 * SHA-256 of the whole, so that different ones stay different.
 */
export function storedKey(key: string): string {
  if (key.length <= LONGEST_KEY) return storedText(key)
  const hash = createHash('sha256').update(Buffer.from(key, 'utf16le')).digest('hex')
  return storedText(`${key.slice(0, LONGEST_KEY)}…${hash}`)
}

/** `storedKey` where there is a key. */
export function storedKeyOrNull(key: string | null): string | null {
  return key === null ? null : storedKey(key)
}

/** The text that was stored. */
export function originalText(stored: string): string {
  return stored.includes(ESCAPE)
    ? stored.replaceAll(EVERY_ESCAPED, (_whole, unit: string) => String.fromCharCode(Number.parseInt(unit, 16)))
    : stored
}

function escapeUnit(unit: string): string {
  return ESCAPE + unit.charCodeAt(0).toString(16).padStart(4, '0')
}
