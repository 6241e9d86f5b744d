import { hexNumber, isCharacter } from './hex-digits.js'

const NON_BREAKING_SPACE = 0xa0

/**
 * Undoes one layer of percent-encoding as the most lenient server would: UTF-8 with overlong forms (`%c0%af` is `/`),
 * `%uXXXX`, and continuation bytes without their mark (`%c0%2e` is `.`). What is no valid sequence stays as it is.
 * The result is never longer than the text. Linear time.
 */
export function decodePercent(text: string): string {
  let percent = text.indexOf('%')
  if (percent < 0) return text
  let decoded = ''
  let copied = 0
  while (percent >= 0) {
    const { character, length } = readSequence(text, percent)
    if (character !== null) {
      decoded += text.slice(copied, percent) + character
      copied = percent + length
    }
    percent = text.indexOf('%', percent + length)
  }
  return copied === 0 ? text : decoded + text.slice(copied)
}

interface Sequence {
  /** Null where nothing can be decoded here. */
  readonly character: string | null
  /** Characters of the text that were looked at. */
  readonly length: number
}

const LONE_PERCENT: Sequence = { character: null, length: 1 }

function readSequence(text: string, start: number): Sequence {
  const byte = hexNumber(text, start + 1, 2)
  if (byte < 0) return readUtf16Unit(text, start)
  if (byte < 0x80) return { character: String.fromCharCode(byte), length: 3 }
  return readMultiByte(text, start, byte) ?? readLoneByte(byte)
}

/** `%u002f`, as IIS and JavaScript's `escape` write it. */
function readUtf16Unit(text: string, start: number): Sequence {
  if ((text.charCodeAt(start + 1) | 32) !== 117) return LONE_PERCENT
  const unit = hexNumber(text, start + 2, 4)
  return unit < 0 ? LONE_PERCENT : { character: String.fromCharCode(unit), length: 6 }
}

function readMultiByte(text: string, start: number, lead: number): Sequence | null {
  const count = sequenceLength(lead)
  if (count === 0) return null
  let codePoint = lead & (0xff >> (count + 1))
  for (let index = 1; index < count; index++) {
    const next = readByte(text, start + index * 3)
    const isContinuation = (next & 0xc0) === 0x80
    if (next < 0 || !(isContinuation || (lead <= 0xc1 && next < 0x80))) return null
    codePoint = codePoint * 64 + (next & 0x3f)
  }
  if (!isCharacter(codePoint) || codePoint < 0x20) return null
  return { character: String.fromCodePoint(codePoint), length: count * 3 }
}

/** Bytes in the sequence that a lead byte opens, with the five and six of the first UTF-8; 0 for any other byte. */
function sequenceLength(lead: number): number {
  const ones = Math.clz32(~(lead << 24))
  return ones >= 2 && ones <= 6 ? ones : 0
}

function readByte(text: string, start: number): number {
  return text.charCodeAt(start) === 37 ? hexNumber(text, start + 1, 2) : -1
}

/** MySQL takes a lone 0xA0 for white space; no other lone byte disguises anything. */
function readLoneByte(byte: number): Sequence {
  return { character: byte === NON_BREAKING_SPACE ? ' ' : null, length: 3 }
}
