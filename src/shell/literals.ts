import { decodeBase64, decodeHex } from './encodings.js'
import { decodeEscapes } from './escapes.js'
import { isMostlyPrintable, type KnownText, plainText } from './known-text.js'

/** An encoded text that stands as a literal in some other text. */
export interface Literal {
  readonly known: KnownText
  /** Index after the literal. */
  readonly end: number
  readonly source: string
}

const MOST_LITERALS = 16
const MOST_CANDIDATES = 64

/** `=` is not part of the alphabet here: it ends a run, which lets `KEY=dGV4dA==` be found. */
const inAlphabet = new Uint8Array(128)
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') {
  inAlphabet[character.charCodeAt(0)] = 1
}

/**
 * Base64 and hex literals of at least `shortest` characters that decode to readable text, in order. Runs that are words,
 * paths, hashes or keys decode to noise and are left out. One pass over the text.
 */
export function findLiterals(text: string, shortest: number): readonly Literal[] {
  if (text.length < shortest) return []
  const literals: Literal[] = []
  let candidates = 0
  let start = 0
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && inAlphabet[text.charCodeAt(i)] === 1) continue
    if (i - start >= shortest && candidates < MOST_CANDIDATES) {
      candidates++
      const literal = decodeRun(text.slice(start, i), i)
      if (literal !== null) literals.push(literal)
      if (literals.length >= MOST_LITERALS) break
    }
    start = i + 1
  }
  return literals
}

function decodeRun(run: string, end: number): Literal | null {
  const known =
    /^[0-9a-fA-F]+$/.test(run) && run.length % 2 === 0 ? decodeHex(plainText(run)) : decodeBase64(plainText(run))
  return known !== null && (isCompressed(known) || isMostlyPrintable(known)) ? { known, end, source: run } : null
}

function isCompressed(known: KnownText): boolean {
  return known.binary && known.text.startsWith('\x1f\x8b\x08')
}

/** Strings of code that write at least eight characters as codes (`"\x69\x64…"`), decoded. */
export function findEscapedStrings(code: string): readonly Literal[] {
  const literals: Literal[] = []
  const pattern = /(?:\\x[0-9a-fA-F]{2}|\\[0-7]{3}){8,}/g
  for (const match of code.matchAll(pattern)) {
    const known = decodeEscapes(match[0])
    if (isMostlyPrintable(known)) literals.push({ known, end: match.index + match[0].length, source: match[0] })
    if (literals.length >= MOST_LITERALS) break
  }
  return literals
}
