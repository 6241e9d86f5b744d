import { isUtf8 } from 'node:buffer'
import type { Encoding } from './command-views.js'
import type { KnownText } from './known-text.js'

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

interface Escape {
  readonly character: string
  readonly length: number
  readonly encoding: Encoding | null
}

/**
 * Undoes the backslash escapes of `echo -e`, `printf` and `$'…'`. Only codes (`\x41`, `\101`, `\u0041`) count as an
 * encoding: `\n` and `\t` hide nothing. `\c` ends the text. Codes above 0x7f are bytes and joined as UTF-8 where they are.
 */
export function decodeEscapes(text: string): KnownText {
  let decoded = ''
  let start = 0
  let hidden = 0
  let bytes = false
  const encodings = new Set<Encoding>()
  for (let i = text.indexOf('\\'); i >= 0; i = text.indexOf('\\', start)) {
    decoded += text.slice(start, i)
    if (text.charAt(i + 1) === 'c') return finish(decoded, bytes, encodings, hidden)
    const code = readEscape(text, i)
    decoded += code.character
    start = i + code.length
    if (code.encoding !== null) {
      encodings.add(code.encoding)
      hidden++
      if (code.encoding !== 'escape' && code.character >= '\x80') bytes = true
    }
  }
  return finish(decoded + text.slice(start), bytes, encodings, hidden)
}

function finish(text: string, bytes: boolean, encodings: ReadonlySet<Encoding>, hidden: number): KnownText {
  if (!bytes) return { text, binary: false, complete: true, encodings: [...encodings], hidden }
  const buffer = Buffer.from(text, 'latin1')
  const binary = !isUtf8(buffer)
  return { text: binary ? text : buffer.toString('utf8'), binary, complete: true, encodings: [...encodings], hidden }
}

function readEscape(text: string, start: number): Escape {
  const letter = text.charAt(start + 1)
  if (letter === 'x') return readCode(text, start, { skip: 2, most: 2, radix: 16, encoding: 'hex' })
  if (letter === 'u') return readCode(text, start, { skip: 2, most: 4, radix: 16, encoding: 'escape' })
  if (letter === 'U') return readCode(text, start, { skip: 2, most: 8, radix: 16, encoding: 'escape' })
  if (letter === '0') return readCode(text, start, { skip: 1, most: 4, radix: 8, encoding: 'octal' })
  if (letter >= '1' && letter <= '7') return readCode(text, start, { skip: 1, most: 3, radix: 8, encoding: 'octal' })
  const simple = SIMPLE_ESCAPES[letter]
  if (simple !== undefined) return { character: simple, length: 2, encoding: null }
  return { character: '\\', length: 1, encoding: null }
}

interface CodeShape {
  readonly skip: number
  readonly most: number
  readonly radix: 8 | 16
  readonly encoding: Encoding
}

function readCode(text: string, start: number, shape: CodeShape): Escape {
  const from = start + shape.skip
  let end = from
  let code = 0
  while (end < from + shape.most) {
    const digit = digitOf(text.charCodeAt(end))
    if (digit < 0 || digit >= shape.radix) break
    code = code * shape.radix + digit
    end++
  }
  if (end === from) return { character: '\\', length: 1, encoding: null }
  const character =
    shape.encoding === 'escape' ? String.fromCodePoint(Math.min(code, 0x10ffff)) : String.fromCharCode(code & 0xff)
  return { character, length: end - start, encoding: code === 0 && shape.radix === 8 ? null : shape.encoding }
}

function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  if (code >= 97 && code <= 102) return code - 87
  if (code >= 65 && code <= 70) return code - 55
  return -1
}

/** Whether a `$'…'` string writes a printable character as a code, which a plain writer has no reason to. */
export function hidesPrintable(ansiString: string): boolean {
  const decoded = decodeEscapes(ansiString)
  if (decoded.encodings.length === 0) return false
  for (let i = ansiString.indexOf('\\'); i >= 0; i = ansiString.indexOf('\\', i + 1)) {
    const code = readEscape(ansiString, i)
    if (code.encoding !== null && code.character > ' ' && code.character < '\x7f') return true
    if (code.length > 1) i += code.length - 1
  }
  return false
}
