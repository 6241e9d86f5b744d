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
const BREAKS_WORDS = /[\w./$%@-]["'](?=[^\s,:;|&)}\]<>"'])|["']["']|\\[\w$&|;()<>]|\$\{?IFS/
/** Inside quotes, what is left as it is. */
const KEEPS_QUOTES = /[\s\\]/
const WORD_CHARACTER = /[\w./$%@'"-]/
const ESCAPABLE = /[\w$&|;()<>*!]/
const CONTROL_ESCAPE = /[nrtabfv]/
const CODE = /\\{1,4}(?:x([\da-f]{1,2})|u([\da-f]{4})|0?([0-3][0-7]{2}))/iy
const FIELD_SEPARATOR = /\$(?:IFS\b|\{IFS\})(?:\$\d)?/y
/** Stands for a character that quoting has made an ordinary one. */
const NEUTRAL = '_'
const OPERATORS = /[&|;()<>`]/g

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
  /** Pieces of the folded text that a stretch of the original was made into: where they begin, and where those do. */
  readonly #foldedStarts: number[] = []
  readonly #sourceStarts: number[] = []
  readonly #sourceEnds: number[] = []
  readonly #quoted = new Set<number>()
  #folded = ''

  constructor(text: string) {
    this.#text = text
  }

  result(): FoldedText | null {
    if (this.#folded === this.#text) return null
    return {
      text: this.#folded,
      sourceSpan: (span) => this.#sourceSpan(span),
    }
  }

  fold(start: number, end: number, depth: number): void {
    const unclosed = new Set<string>()
    let position = start
    while (position < end) {
      const special = this.#nextSpecial(position, end)
      this.#keep(position, special)
      position = special < end ? this.#foldSpecial(special, end, depth, unclosed) : end
    }
  }

  #nextSpecial(start: number, end: number): number {
    let index = start
    while (index < end && !isSpecial(this.#text.charCodeAt(index))) index++
    return index
  }

  #foldSpecial(index: number, end: number, depth: number, unclosed: Set<string>): number {
    const character = this.#text[index]!
    if (character === '\\') return this.#foldEscape(index, end, depth)
    if (character === '$') return this.#foldFieldSeparator(index, end)
    const closing = unclosed.has(character) ? -1 : closingQuote(this.#text, index, end)
    if (closing >= 0) return this.#foldQuoted(index, closing, depth)
    unclosed.add(character)
    return this.#keep(index, index + 1)
  }

  #foldQuoted(opening: number, closing: number, depth: number): number {
    const content = this.#text.slice(opening + 1, closing)
    if (this.#breaksWord(opening, closing, content)) {
      if (content !== '') this.#quoted.add(this.#foldedStarts.length)
      this.#emit(content.replace(OPERATORS, NEUTRAL), opening + 1, closing)
    } else {
      this.#keep(opening, opening + 1)
      if (depth < MAX_DEPTH) this.fold(opening + 1, closing, depth + 1)
      else this.#keep(opening + 1, closing)
      this.#keep(closing, closing + 1)
    }
    return closing + 1
  }

  #breaksWord(opening: number, closing: number, content: string): boolean {
    const before = this.#text[opening - 1] ?? ' '
    const after = this.#text[closing + 1] ?? ' '
    return (WORD_CHARACTER.test(before) || WORD_CHARACTER.test(after)) && !KEEPS_QUOTES.test(content)
  }

  #foldEscape(index: number, end: number, depth: number): number {
    CODE.lastIndex = index
    const code = CODE.exec(this.#text)
    if (code && CODE.lastIndex <= end) {
      const value = code[3] === undefined ? Number.parseInt(code[1] ?? code[2]!, 16) : Number.parseInt(code[3], 8)
      return this.#emit(String.fromCharCode(value), index, CODE.lastIndex)
    }
    const next = index + 1 < end ? this.#text[index + 1]! : ''
    if (!ESCAPABLE.test(next) || (depth > 0 && CONTROL_ESCAPE.test(next)))
      return this.#keep(index, Math.min(index + 2, end))
    return this.#emit(next.replace(OPERATORS, NEUTRAL), index, index + 2)
  }

  #foldFieldSeparator(index: number, end: number): number {
    FIELD_SEPARATOR.lastIndex = index
    if (!FIELD_SEPARATOR.test(this.#text) || FIELD_SEPARATOR.lastIndex > end) return this.#keep(index, index + 1)
    return this.#emit(' ', index, FIELD_SEPARATOR.lastIndex)
  }

  #keep(start: number, end: number): number {
    return this.#emit(this.#text.slice(start, end), start, end)
  }

  #emit(folded: string, start: number, end: number): number {
    if (folded !== '') {
      this.#foldedStarts.push(this.#folded.length)
      this.#sourceStarts.push(start)
      this.#sourceEnds.push(end)
      this.#folded += folded
    }
    return end
  }

  /** One that begins or ends with a quoted text and goes beyond it takes its quotes, so that none stays without its twin. */
  #sourceSpan({ start, end }: SecretSpan): SecretSpan {
    if (start >= end) return { start: 0, end: 0 }
    const first = this.#pieceAt(start)
    const last = this.#pieceAt(end - 1)
    const offset = start - this.#foldedStarts[first]!
    const isWhole = end === (this.#foldedStarts[last + 1] ?? this.#folded.length)
    const quotes = first === last ? 0 : 1
    return {
      start: this.#sourceStarts[first]! + (offset > 0 ? offset : this.#quoted.has(first) ? -quotes : 0),
      end: isWhole
        ? this.#sourceEnds[last]! + (this.#quoted.has(last) ? quotes : 0)
        : this.#sourceStarts[last]! + end - this.#foldedStarts[last]!,
    }
  }

  /** The piece that holds a position of the folded text, by bisection. */
  #pieceAt(position: number): number {
    let low = 0
    let high = this.#foldedStarts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#foldedStarts[middle]! <= position) low = middle
      else high = middle - 1
    }
    return low
  }
}

/** `"`, `$`, `'` and `\`. */
function isSpecial(code: number): boolean {
  return code === 0x22 || code === 0x24 || code === 0x27 || code === 0x5c
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
