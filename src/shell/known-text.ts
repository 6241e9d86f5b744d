import { isUtf8 } from 'node:buffer'
import type { Encoding } from './command-views.js'

/** A text that is known without running anything: what an `echo` prints, what a here-document holds. */
export interface KnownText {
  readonly text: string
  /** True if `text` holds one byte a character because the bytes are not UTF-8. */
  readonly binary: boolean
  /** False if a part is spelled as typed because it cannot be known (`$HOME`); such a text is run, but not decoded. */
  readonly complete: boolean
  /** What was undone to get it, outermost first; empty if it stands in the line in plain sight. */
  readonly encodings: readonly Encoding[]
  /** Characters of `text` that the line did not show. */
  readonly hidden: number
}

export const EMPTY_TEXT: KnownText = { text: '', binary: false, complete: true, encodings: [], hidden: 0 }

export function plainText(text: string, complete = true): KnownText {
  return { text, binary: false, complete, encodings: [], hidden: 0 }
}

/** The text of decoded bytes: UTF-8 where it is, else one character a byte. */
export function textOfBytes(bytes: Buffer, encodings: readonly Encoding[]): KnownText {
  const binary = !isUtf8(bytes)
  const text = bytes.toString(binary ? 'latin1' : 'utf8')
  return { text, binary, complete: true, encodings, hidden: text.length }
}

export function bytesOf(known: KnownText): Buffer {
  return Buffer.from(known.text, known.binary ? 'latin1' : 'utf8')
}

/** Two outputs after each other. */
export function concatenate(first: KnownText, second: KnownText): KnownText {
  if (first.text === '' && first.encodings.length === 0) return second
  if (second.text === '' && second.encodings.length === 0) return first
  return {
    text: first.text + second.text,
    binary: first.binary || second.binary,
    complete: first.complete && second.complete,
    encodings: mergeEncodings(first.encodings, second.encodings),
    hidden: first.hidden + second.hidden,
  }
}

function mergeEncodings(first: readonly Encoding[], second: readonly Encoding[]): readonly Encoding[] {
  if (second.length === 0) return first
  if (first.length === 0) return second
  return [...new Set([...first, ...second])]
}

/** Whether a reader would call it text: no stray bytes, at most one control character in thirty. */
export function isMostlyPrintable(known: KnownText): boolean {
  if (known.binary) return false
  const { text } = known
  let strange = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if ((code < 32 && code !== 9 && code !== 10 && code !== 13) || (code >= 127 && code < 160)) strange++
  }
  return strange * 30 <= text.length
}
