import type { SecretSpan } from './secret-span.js'

/** A text without the quotes, backslashes and codes that break up its words, and where its characters came from. */
export interface FoldedText {
  readonly text: string
  /** The stretch of the original that a stretch of the folded text was made of. */
  sourceSpan(span: SecretSpan): SecretSpan
}

const MAX_DEPTH = 3
const QUOTING = /["'\\$]/
/** What every text has that can be folded at all; ordinary quoting has none of it. */
const BREAKS_WORDS = /[\w./$%@-]["'](?=[^\s,:;|&)}\]<>"'])|""|''|\\[\w$&|;()<>]|\$\{?IFS/
const WHITE_SPACE = /\s/
const WORD_CHARACTER = /[\w./$%@'"-]/
const ESCAPABLE = /[\w$&|;()<>*!]/
const CONTROL_ESCAPE = /[nrtabfv]/
const CODE = /\\{1,4}(?:x([\da-f]{1,2})|u([\da-f]{4})|0?([0-3][0-7]{2}))/iy
const FIELD_SEPARATOR = /\$(?:IFS\b|\{IFS\})/y
/** Stands for a character that quoting has made an ordinary one. */
const NEUTRAL = '_'
const OPERATOR = /[&|;()<>`]/g

/**
 * Reads the words of a text as a shell would that is asked to disguise nothing: `ss""hpass`, `chp\asswd`, `TO'K'EN`,
 * `\x70asswd` and `a${IFS}b` lose what breaks them up, while quoted texts that stand alone keep their quotes. Null if
 * that changes nothing. A rough reading in linear time, to be used beside the text and not in its place.
 */
export function foldText(text: string): FoldedText | null {
  if (!QUOTING.test(text) || !BREAKS_WORDS.test(text)) return null
  const folding = new Folding(text)
  folding.fold(0, text.length, 0)
  return folding.result()
}

class Folding {
  readonly #text: string
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  #folded = ''

  constructor(text: string) {
    this.#text = text
  }

  result(): FoldedText | null {
    if (this.#folded === this.#text) return null
    const starts = this.#starts
    const ends = this.#ends
    return {
      text: this.#folded,
      sourceSpan: ({ start, end }) =>
        start < end ? { start: starts[start]!, end: ends[end - 1]! } : { start: 0, end: 0 },
    }
  }

  fold(start: number, end: number, depth: number): void {
    const unclosed = new Set<string>()
    for (let index = start; index < end; ) {
      const character = this.#text[index]!
      if (character === '\\') index = this.#foldEscape(index, end, depth)
      else if (character === '$') index = this.#foldFieldSeparator(index, end)
      else if (character === '"' || character === "'") {
        const closing = unclosed.has(character) ? -1 : closingQuote(this.#text, index, end)
        if (closing < 0) unclosed.add(character)
        index = closing < 0 ? this.#keep(index, index + 1) : this.#foldQuoted(index, closing, depth)
      } else index = this.#keep(index, index + 1)
    }
  }

  #foldQuoted(opening: number, closing: number, depth: number): number {
    const content = this.#text.slice(opening + 1, closing)
    if (this.#breaksWord(opening, closing, content)) {
      for (let offset = 0; offset < content.length; offset++) {
        const at = opening + 1 + offset
        this.#emit(content[offset]!.replace(OPERATOR, NEUTRAL), at, at + 1)
      }
    } else {
      this.#keep(opening, opening + 1)
      if (depth < MAX_DEPTH) this.fold(opening + 1, closing, depth + 1)
      else this.#keep(opening + 1, closing)
      this.#keep(closing, closing + 1)
    }
    return closing + 1
  }

  #breaksWord(opening: number, closing: number, content: string): boolean {
    const touches =
      WORD_CHARACTER.test(this.#text[opening - 1] ?? ' ') || WORD_CHARACTER.test(this.#text[closing + 1] ?? ' ')
    return touches && !WHITE_SPACE.test(content) && !content.includes('\\')
  }

  #foldEscape(index: number, end: number, depth: number): number {
    CODE.lastIndex = index
    const code = CODE.exec(this.#text)
    if (code && CODE.lastIndex <= end) {
      const value = code[3] === undefined ? Number.parseInt(code[1] ?? code[2]!, 16) : Number.parseInt(code[3], 8)
      this.#emit(String.fromCharCode(value), index, CODE.lastIndex)
      return CODE.lastIndex
    }
    const next = index + 1 < end ? this.#text[index + 1]! : ''
    if (!ESCAPABLE.test(next) || (depth > 0 && CONTROL_ESCAPE.test(next)))
      return this.#keep(index, Math.min(index + 2, end))
    this.#emit(next.replace(OPERATOR, NEUTRAL), index, index + 2)
    return index + 2
  }

  #foldFieldSeparator(index: number, end: number): number {
    FIELD_SEPARATOR.lastIndex = index
    if (!FIELD_SEPARATOR.test(this.#text) || FIELD_SEPARATOR.lastIndex > end) return this.#keep(index, index + 1)
    this.#emit(' ', index, FIELD_SEPARATOR.lastIndex)
    return FIELD_SEPARATOR.lastIndex
  }

  #keep(start: number, end: number): number {
    for (let at = start; at < end; at++) this.#emit(this.#text[at]!, at, at + 1)
    return end
  }

  #emit(character: string, start: number, end: number): void {
    this.#folded += character
    this.#starts.push(start)
    this.#ends.push(end)
  }
}

/** Where the quoted text that begins at `opening` ends, or -1. */
function closingQuote(text: string, opening: number, end: number): number {
  if (text[opening] === "'") {
    const closing = text.indexOf("'", opening + 1)
    return closing < end ? closing : -1
  }
  for (let index = opening + 1; index < end; index++) {
    if (text[index] === '"') return index
    if (text[index] === '\\') index++
  }
  return -1
}
