import type {
  CommandExpansionPart,
  DoubleQuotedChild,
  ParameterExpansionPart,
  ParsedScript,
  ProcessSubstitutionPart,
  SimpleExpansionPart,
  Word,
  WordPart,
} from 'unbash'
import { hidesPrintable } from './escapes.js'
import { Fields } from './fields.js'
import { concatenate, type KnownText } from './known-text.js'
import type { Reading } from './reading.js'
import { parameterValue } from './variables.js'
import { countSplits, newTraits, type WordTraits } from './word-traits.js'

/** What the words of a command expand to. */
export interface Expansion {
  readonly words: string[]
  /** Traits of `words[index]`; absent for words typed plainly. */
  readonly traits: Map<number, WordTraits>
}

/** Looks into `$(…)` and answers what it prints, if that is known. */
export type ReadSubstitution = (
  script: ParsedScript,
  part: CommandExpansionPart | ProcessSubstitutionPart,
) => KnownText | null

/** Puts the parts of one word together: looks up what is known of them and notes how it was written. */
export class FieldBuilder {
  readonly #reading: Reading
  readonly #readSubstitution: ReadSubstitution
  readonly #into: Expansion
  readonly #splits: boolean
  readonly #traits = newTraits()
  readonly #fields: Fields
  /** The word as typed, a `$` in place of every expansion. */
  #raw = ''

  /** @param splits Whether unquoted expansions are split into fields; they are not in assignments and redirections. */
  constructor(reading: Reading, readSubstitution: ReadSubstitution, into: Expansion, splits = true) {
    this.#reading = reading
    this.#readSubstitution = readSubstitution
    this.#into = into
    this.#splits = splits
    this.#fields = new Fields(this.#traits, into.words)
  }

  addWord(word: Word): void {
    const parts = word.parts
    const first = this.#into.words.length
    if (parts === undefined || isBareSeparator(word.text)) this.#fields.addPlain(word.value)
    else for (const part of parts) this.#addPart(part)
    this.#fields.end()
    if (!this.#splits && this.#into.words.length === first) this.#into.words.push('')
    countSplits(this.#raw, this.#traits)
    for (let index = first; index < this.#into.words.length; index++) this.#into.traits.set(index, this.#traits)
  }

  #addPart(part: WordPart): void {
    switch (part.type) {
      case 'Literal':
      case 'SingleQuoted':
        this.#addLiteral(part.value, part.text)
        break
      case 'AnsiCQuoted':
        if (hidesPrintable(part.text)) this.#traits.ansiString = true
        this.#addLiteral(part.value, '$')
        break
      case 'DoubleQuoted':
      case 'LocaleString':
        this.#addQuoted(part.parts, part.text)
        break
      case 'Glob':
        this.#traits.wildcard = true
        this.#addLiteral(part.value, part.text)
        break
      case 'ProcessSubstitution':
        this.#readInner(part)
        this.#traits.processSubstitution = true
        this.#addUnknown(part.text)
        break
      case 'BraceExpansion':
        this.#addLiteral(part.text, '$')
        break
      default:
        this.#addExpansion(part, true)
    }
  }

  #addQuoted(parts: readonly DoubleQuotedChild[], text: string): void {
    this.#fields.open()
    if (parts.every((part) => part.type === 'Literal')) {
      this.#addLiteral(parts.map((part) => (part.type === 'Literal' ? part.value : '')).join(''), text)
      return
    }
    for (const part of parts) {
      if (part.type === 'Literal') this.#addLiteral(part.value, '$')
      else this.#addExpansion(part, false)
    }
  }

  #addLiteral(value: string, raw: string): void {
    this.#raw += raw
    this.#fields.addLiteral(value)
  }

  #addExpansion(part: WordPart, unquoted: boolean): void {
    if (part.type === 'CommandExpansion') this.#addSubstitution(part, unquoted)
    else if (part.type === 'SimpleExpansion') this.#addVariable(part.text.slice(1), part, unquoted)
    else if (part.type === 'ParameterExpansion') this.#addVariable(part.parameter, part, unquoted)
    else this.#addUnknown(part.text)
  }

  #addVariable(name: string, part: SimpleExpansionPart | ParameterExpansionPart, unquoted: boolean): void {
    const splits = unquoted && this.#splits
    if (name === 'IFS' && splits) {
      this.#raw += '$'
      this.#traits.ifsSplit = true
      this.#fields.end()
      return
    }
    const variable = this.#reading.variables.get(name)
    const value = part.type === 'SimpleExpansion' ? variable?.known.text : parameterValue(part, this.#reading.variables)
    if (value === undefined || value === null || !this.#reading.spendExpansion(value.length)) {
      // `$@`, `$*` and `$1`…`$9` of an interactive shell are empty; in the middle of a word they only break it up.
      if (!splits || !/^[@*1-9]$/.test(name) || !this.#fields.addNothing()) this.#addUnknown(part.text)
      return
    }
    this.#raw += '$'
    if (variable?.substituted === true) this.#traits.substituted = true
    if (variable?.joined === true) this.#traits.joins++
    if (variable !== undefined && variable.known.encodings.length > 0) this.#hide({ ...variable.known, text: value })
    this.#fields.addVariable(value, this.#separators(splits))
  }

  #addSubstitution(part: CommandExpansionPart, unquoted: boolean): void {
    const output = this.#readInner(part)
    const text = output === null || output.binary ? null : withoutFinalNewlines(output.text)
    if (output === null || text === null || !this.#reading.spendExpansion(text.length)) {
      this.#addUnknown(part.text)
      return
    }
    this.#raw += '$'
    this.#traits.substituted = true
    if (!output.complete) this.#traits.unknown = true
    if (output.encodings.length > 0) this.#hide({ ...output, text })
    this.#fields.addSplit(text, this.#separators(unquoted && this.#splits))
  }

  #addUnknown(text: string): void {
    this.#traits.unknown = true
    this.#raw += '$'
    this.#fields.addPlain(text)
  }

  #readInner(part: CommandExpansionPart | ProcessSubstitutionPart): KnownText | null {
    if (!this.#reading.spendSubstitution()) return null
    const script = part.script
    if (script === undefined) return null
    const from = this.#reading.segments.length
    const output = this.#readSubstitution(script, part)
    if (this.#traits.innerTo === this.#traits.innerFrom) this.#traits.innerFrom = from
    this.#traits.innerTo = this.#reading.segments.length
    return output
  }

  #hide(known: KnownText): void {
    const { hidden } = this.#traits
    this.#traits.hidden = hidden === null ? known : concatenate(hidden, known)
  }

  #separators(splits: boolean): string | null {
    return splits ? (this.#reading.variables.get('IFS')?.known.text ?? ' \t\n') : null
  }
}

function withoutFinalNewlines(text: string): string {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) === 10) end--
  return text.slice(0, end)
}

/** A word that is nothing but `$IFS` separates nothing: it shows the variable. */
function isBareSeparator(text: string): boolean {
  return text === '$IFS' || text === '${IFS}'
}
