import { isUtf8 } from 'node:buffer'
import { hexDigit } from '../../http/hex-digits.js'

const BACKSLASH = 0x5c
const LETTER_X = 0x78
const REPLACEMENT_CHARACTER = '\uFFFD'

/** What one character behind a backslash stands for, where it is no `x`. */
const SIMPLE_ESCAPES: ReadonlyMap<number, number> = new Map(
  Object.entries({ '"': '"', '\\': '\\', b: '\b', n: '\n', r: '\r', t: '\t', v: '\v' }).map(
    ([written, meant]) => [written.charCodeAt(0), meant.charCodeAt(0)] as const,
  ),
)

/**
 * The text that a client sent, from how a web server logged it: undoes the escapes of nginx (`\xHH` for quotes,
 * backslashes, controls and bytes beyond ASCII) and of Apache (`\"`, `\\`, `\n`, …, `\xHH`). A backslash that begins
 * neither stays. The bytes are read as UTF-8, or where they are none one character a byte, so that nothing of them is
 * lost. Never throws; linear time.
 */
export function readLoggedText(bytes: Buffer, start: number, end: number): string {
  const first = bytes.subarray(start, end).indexOf(BACKSLASH)
  if (first < 0) return textOf(bytes.subarray(start, end))
  const sent = Buffer.allocUnsafe(end - start)
  let length = bytes.copy(sent, 0, start, start + first)
  for (let index = start + first; index < end; ) {
    const escaped = bytes[index] === BACKSLASH ? readEscape(bytes, index, end) : null
    sent[length++] = escaped?.byte ?? bytes[index]!
    index += escaped?.length ?? 1
  }
  return textOf(sent.subarray(0, length))
}

function readEscape(bytes: Buffer, start: number, end: number): { byte: number; length: number } | null {
  if (start + 1 >= end) return null
  const kind = bytes[start + 1]!
  const simple = SIMPLE_ESCAPES.get(kind)
  if (simple !== undefined) return { byte: simple, length: 2 }
  if (kind !== LETTER_X || start + 3 >= end) return null
  const high = hexDigit(bytes[start + 2]!)
  const low = hexDigit(bytes[start + 3]!)
  return high < 0 || low < 0 ? null : { byte: high * 16 + low, length: 4 }
}

function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.includes(REPLACEMENT_CHARACTER) && !isUtf8(bytes) ? bytes.toString('latin1') : text
}
