import { parse, type Word } from 'unbash'
import { expandBraceLists } from './brace-lists.js'
import { type Expansion, FieldBuilder, type ReadSubstitution } from './field-builder.js'
import type { Reading } from './reading.js'
import { countSplits, newTraits, type WordTraits } from './word-traits.js'

const QUOTING = 1
const EXPANDING = 2
const WILDCARD = 4

const characterClass = new Uint8Array(128)
for (const [characters, bit] of [
  ['\'"\\', QUOTING],
  ['$`{<>', EXPANDING],
  ['*?[', WILDCARD],
] as const) {
  for (const character of characters) characterClass[character.charCodeAt(0)] = bit
}

function classify(text: string): number {
  let classes = 0
  for (let i = 0; i < text.length; i++) classes |= characterClass[text.charCodeAt(i)] ?? 0
  return classes
}

export function newExpansion(): Expansion {
  return { words: [], traits: new Map() }
}

/** Expands words as a shell would, as far as the line tells; what cannot be known keeps its spelling. */
export class WordExpander {
  readonly #reading: Reading
  readonly #readSubstitution: ReadSubstitution

  constructor(reading: Reading, readSubstitution: ReadSubstitution) {
    this.#reading = reading
    this.#readSubstitution = readSubstitution
  }

  /** Appends the fields of a command's word to `into`. */
  expand(word: Word, into: Expansion): void {
    const classes = classify(word.text)
    if (classes === 0) {
      into.words.push(word.text)
    } else if ((classes & EXPANDING) === 0) {
      const traits = newTraits()
      if ((classes & QUOTING) !== 0) countSplits(word.text, traits)
      traits.wildcard = (classes & WILDCARD) !== 0 && (classes & QUOTING) === 0
      if (traits.wildcard || traits.quoteSplits + traits.backslashSplits > 0) into.traits.set(into.words.length, traits)
      into.words.push(word.value)
    } else if (!this.#expandBraces(word, into)) {
      new FieldBuilder(this.#reading, this.#readSubstitution, into).addWord(word)
    }
  }

  /** Value of a word that is not split into fields: an assignment, a redirection's target. */
  expandWhole(word: Word): { readonly text: string; readonly traits: WordTraits | null } {
    if ((classify(word.text) & EXPANDING) === 0) return { text: word.value, traits: null }
    const whole = newExpansion()
    new FieldBuilder(this.#reading, this.#readSubstitution, whole, false).addWord(word)
    return { text: whole.words[0] ?? '', traits: whole.traits.get(0) ?? null }
  }

  #expandBraces(word: Word, into: Expansion): boolean {
    if (!word.text.includes(',') || !word.parts?.some((part) => part.type === 'BraceExpansion')) return false
    const raws = expandBraceLists(word.text, this.#reading.braceWordsLeft)
    if (raws === null) return false
    this.#reading.braceWordsLeft -= raws.length
    for (const raw of raws) {
      const first = into.words.length
      if (classify(raw) === 0) {
        if (raw !== '') into.words.push(raw)
      } else {
        this.#expandListed(raw, into)
      }
      for (let index = first; index < into.words.length; index++) {
        const traits = into.traits.get(index) ?? newTraits()
        traits.braceList = true
        into.traits.set(index, traits)
      }
    }
    return true
  }

  /** An item of a list may itself hold quotes or variables; it is read as the argument of a command of its own. */
  #expandListed(raw: string, into: Expansion): void {
    const command = parse(`: ${raw}`).commands[0]?.command
    const word = command?.type === 'Command' ? command.suffix[0] : undefined
    if (word?.type !== 'Word') into.words.push(raw)
    else new FieldBuilder(this.#reading, this.#readSubstitution, into).addWord(word)
  }
}
