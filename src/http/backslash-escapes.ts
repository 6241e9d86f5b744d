import { hexNumber, isCharacter } from './hex-digits.js'

interface Escape {
  readonly character: string
  readonly length: number
}

/**
 * Undoes one layer of the escapes that spell a character by its number: `\uXXXX`, `\u{X}`, `\xXX` and three octal
 * digits. Other backslashes stay, since outside JSON they may separate paths. Never longer than the text. Linear time.
 */
export function decodeNumericEscapes(text: string): string {
  return decodeEscapes(text, readNumericEscape)
}

/** Undoes all escapes of a JSON string (RFC 8259, section 7), once, beside those that `decodeNumericEscapes` undoes. */
export function decodeJsonEscapes(text: string): string {
  return decodeEscapes(text, (source, start) => readNumericEscape(source, start) ?? readSimpleEscape(source, start))
}

function decodeEscapes(text: string, read: (text: string, start: number) => Escape | null): string {
  let backslash = text.indexOf('\\')
  if (backslash < 0) return text
  let decoded = ''
  let copied = 0
  while (backslash >= 0) {
    const found = read(text, backslash)
    if (found !== null) {
      decoded += text.slice(copied, backslash) + found.character
      copied = backslash + found.length
    }
    backslash = text.indexOf('\\', backslash + (found?.length ?? 1))
  }
  return copied === 0 ? text : decoded + text.slice(copied)
}

function readNumericEscape(text: string, start: number): Escape | null {
  const kind = text.charCodeAt(start + 1)
  if (kind === 117) return readUnicode(text, start)
  if (kind === 120) return character(hexNumber(text, start + 2, 2), 4)
  return kind >= 48 && kind <= 51 ? character(octalNumber(text, start + 1), 4) : null
}

function readUnicode(text: string, start: number): Escape | null {
  if (text.charCodeAt(start + 2) !== 123) {
    const unit = hexNumber(text, start + 2, 4)
    return unit < 0 ? null : { character: String.fromCharCode(unit), length: 6 }
  }
  const digits = text.slice(start + 3, start + 12).indexOf('}')
  return digits < 1 ? null : character(hexNumber(text, start + 3, digits), digits + 4)
}

function octalNumber(text: string, start: number): number {
  let value = 0
  for (let index = start; index < start + 3; index++) {
    const digit = text.charCodeAt(index) - 48
    if (!(digit >= 0 && digit <= 7)) return -1
    value = value * 8 + digit
  }
  return value
}

function character(codePoint: number, length: number): Escape | null {
  return isCharacter(codePoint) ? { character: String.fromCodePoint(codePoint), length } : null
}

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

function readSimpleEscape(text: string, start: number): Escape | null {
  const meant = SIMPLE_ESCAPES.get(text.charAt(start + 1))
  return meant === undefined ? null : { character: meant, length: 2 }
}
