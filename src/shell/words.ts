import type {
  CommandExpansionPart,
  DoubleQuotedChild,
  ParameterExpansionPart,
  ParsedScript,
  ProcessSubstitutionPart,
  Word,
  WordPart,
} from 'unbash'
import { parse } from 'unbash'
import { expandBraceLists } from './brace-lists.js'
import { hidesPrintable } from './escapes.js'
import { concatenate, type KnownText } from './known-text.js'
import type { Reading } from './reading.js'
import { parameterValue } from './variables.js'
import { countSplits, isWordCharacter, newTraits, type WordTraits } from './word-traits.js'

/** What one word of a command expands to. */
export class Expansion {
  readonly words: string[] = []
  /** Traits of `words[i]`; absent for words typed plainly. */
  readonly traits = new Map<number, WordTraits>()
}

/** Looks into `$(…)` and answers what it prints, if that is known. */
export type ReadSubstitution = (
  script: ParsedScript,
  part: CommandExpansionPart | ProcessSubstitutionPart,
) => KnownText | null

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

  /** Value of a word that is not split into fields: an assignment, a redirection's target. Null if part of it is unknown. */
  expandWhole(word: Word): { readonly text: string; readonly known: boolean; readonly traits: WordTraits | null } {
    if ((classify(word.text) & EXPANDING) === 0) return { text: word.value, known: true, traits: null }
    const whole = new Expansion()
    const builder = new FieldBuilder(this.#reading, this.#readSubstitution, whole, false)
    builder.addWord(word)
    return { text: whole.words[0] ?? '', known: builder.known, traits: whole.traits.get(0) ?? null }
  }

  #expandBraces(word: Word, into: Expansion): boolean {
    if (!word.text.includes(',') || !word.parts?.some((part) => part.type === 'BraceExpansion')) return false
    const raws = expandBraceLists(word.text, this.#reading.braceWordsLeft)
    if (raws === null) {
      if (this.#reading.braceWordsLeft < this.#reading.limits.braceWords) this.#reading.truncated = true
      return false
    }
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

/** Joins the parts of one word and splits the result into fields. */
class FieldBuilder {
  readonly #reading: Reading
  readonly #readSubstitution: ReadSubstitution
  readonly #into: Expansion
  readonly #splits: boolean
  readonly #traits = newTraits()
  #field: string | null = null
  #lastWasVariable = false
  #raw = ''
  #notable = false
  known = true

  constructor(reading: Reading, readSubstitution: ReadSubstitution, into: Expansion, splits = true) {
    this.#reading = reading
    this.#readSubstitution = readSubstitution
    this.#into = into
    this.#splits = splits
  }

  addWord(word: Word): void {
    const parts = word.parts
    const first = this.#into.words.length
    if (parts === undefined) this.#append(word.value)
    else if (parts.length === 1 && isBareSeparator(word.text)) this.#append(word.text)
    else for (const part of parts) this.#addPart(part)
    this.#endField()
    if (!this.#splits && this.#into.words.length === first) this.#into.words.push('')
    if (this.#raw.includes('"') || this.#raw.includes("'") || this.#raw.includes('\\')) {
      countSplits(this.#raw, this.#traits)
      if (this.#traits.quoteSplits + this.#traits.backslashSplits > 0) this.#notable = true
    }
    if (!this.#notable) return
    for (let index = first; index < this.#into.words.length; index++) this.#into.traits.set(index, this.#traits)
  }

  #addPart(part: WordPart): void {
    switch (part.type) {
      case 'Literal':
        this.#addLiteral(part.value, part.text)
        break
      case 'SingleQuoted':
        this.#addLiteral(part.value, part.text)
        break
      case 'AnsiCQuoted':
        if (hidesPrintable(part.text)) this.#note().ansiString = true
        this.#addLiteral(part.value, '$')
        break
      case 'DoubleQuoted':
      case 'LocaleString':
        this.#addQuoted(part.parts, part.text)
        break
      case 'Glob':
        this.#note().wildcard = true
        this.#addLiteral(part.value, part.text)
        break
      case 'SimpleExpansion':
      case 'ParameterExpansion':
      case 'CommandExpansion':
        this.#addExpansion(part, true)
        break
      case 'ProcessSubstitution':
        this.#addProcess(part)
        break
      default:
        this.#addLiteral(part.text, '$')
        this.known = this.known && part.type === 'BraceExpansion'
    }
  }

  #addQuoted(parts: readonly DoubleQuotedChild[], text: string): void {
    this.#field ??= ''
    if (parts.every((part) => part.type === 'Literal')) {
      let value = ''
      for (const part of parts) value += part.type === 'Literal' ? part.value : ''
      this.#addLiteral(value, text)
      return
    }
    for (const part of parts) {
      if (part.type === 'Literal') this.#addLiteral(part.value, '$')
      else if (part.type === 'ArithmeticExpansion') this.#addUnknown(part.text)
      else this.#addExpansion(part, false)
    }
  }

  #addExpansion(part: DoubleQuotedChild, unquoted: boolean): void {
    if (part.type === 'CommandExpansion') this.#addSubstitution(part, unquoted)
    else if (part.type === 'SimpleExpansion') this.#addVariable(part.text.slice(1), part.text, null, unquoted)
    else if (part.type === 'ParameterExpansion') this.#addVariable(part.parameter, part.text, part, unquoted)
    else this.#addUnknown(part.text)
  }

  #addVariable(name: string, text: string, part: ParameterExpansionPart | null, unquoted: boolean): void {
    this.#raw += '$'
    if (name === 'IFS' && unquoted && this.#splits) return this.#addSeparator()
    const variable = this.#reading.variables.get(name)
    const value = part === null ? variable?.known.text : parameterValue(part, this.#reading.variables)
    if (value === undefined || value === null || !this.#reading.spendExpansion(value.length)) {
      if (unquoted && this.#isEmptyFiller(name)) return
      return this.#addUnknown(text)
    }
    if (variable?.substituted === true) this.#note().substituted = true
    if (variable?.joined === true) this.#note().joins++
    if (variable !== undefined && variable.known.encodings.length > 0) this.#hide({ ...variable.known, text: value })
    this.#addVariableText(value, unquoted)
  }

  /** `$@`, `$*` and `$1`…`$9` of an interactive shell are empty; in the middle of a word they only break it up. */
  #isEmptyFiller(name: string): boolean {
    if (!/^[@*1-9]$/.test(name) || !this.#splits) return false
    const afterSeparator = this.#field === null && this.#traits.ifsSplit
    if (!afterSeparator && !endsInLetter(this.#field)) return false
    if (!afterSeparator) this.#pendingFiller = true
    return true
  }
  #pendingFiller = false

  #addVariableText(value: string, unquoted: boolean): void {
    if (
      this.#field !== null &&
      isWordCharacter(this.#field.charAt(this.#field.length - 1)) &&
      isWordCharacter(value.charAt(0))
    ) {
      if (this.#lastWasVariable) this.#join(true)
      else if (endsInLetter(this.#field) && isLetter(value.charAt(0))) this.#join(false)
    }
    if (unquoted && this.#splits) this.#appendSplit(value)
    else this.#append(value)
    this.#lastWasVariable = true
  }

  #join(betweenVariables: boolean): void {
    const traits = this.#note()
    traits.joins++
    if (betweenVariables) traits.variableJoins++
  }

  #addSeparator(): void {
    this.#note().ifsSplit = true
    this.#endField()
  }

  #addSubstitution(part: CommandExpansionPart, unquoted: boolean): void {
    this.#raw += '$'
    const output = this.#readInner(part)
    if (output === null || output.binary) return this.#addUnknown(part.text)
    const text = withoutFinalNewlines(output.text)
    if (!this.#reading.spendExpansion(text.length)) return this.#addUnknown(part.text)
    this.#note().substituted = true
    if (output.encodings.length > 0) this.#hide({ ...output, text })
    if (unquoted && this.#splits) this.#appendSplit(text)
    else this.#append(text)
    this.#lastWasVariable = false
  }

  #addProcess(part: ProcessSubstitutionPart): void {
    this.#readInner(part)
    this.#note().processSubstitution = true
    this.#addUnknown(part.text)
  }

  #readInner(part: CommandExpansionPart | ProcessSubstitutionPart): KnownText | null {
    const script = part.script
    if (script === undefined) return null
    const traits = this.#note()
    const from = this.#reading.segments.length
    const output = this.#readSubstitution(script, part)
    if (traits.innerTo === traits.innerFrom) traits.innerFrom = from
    traits.innerTo = this.#reading.segments.length
    return output
  }

  #hide(known: KnownText): void {
    const traits = this.#note()
    traits.hidden = traits.hidden === null ? known : concatenate(traits.hidden, known)
  }

  #addUnknown(text: string): void {
    this.known = false
    this.#raw += '$'
    this.#append(text)
    this.#lastWasVariable = false
  }

  #addLiteral(value: string, raw: string): void {
    this.#raw += raw
    if (this.#pendingFiller && isWordCharacter(value.charAt(0))) this.#join(true)
    this.#pendingFiller = false
    if (this.#lastWasVariable && endsInLetter(this.#field) && isLetter(value.charAt(0))) this.#join(false)
    this.#append(value)
    this.#lastWasVariable = false
  }

  #append(text: string): void {
    this.#field = (this.#field ?? '') + text
  }

  #appendSplit(text: string): void {
    const separators = this.#reading.variables.get('IFS')?.known.text ?? ' \t\n'
    let start = 0
    for (let i = 0; i < text.length; i++) {
      if (!separators.includes(text.charAt(i))) continue
      if (i > start) this.#append(text.slice(start, i))
      this.#endField()
      start = i + 1
      if (separators !== ' \t\n') this.#note().ifsSplit = true
    }
    if (start < text.length) this.#append(text.slice(start))
  }

  #endField(): void {
    if (this.#field !== null) this.#into.words.push(this.#field)
    this.#field = null
  }

  #note(): WordTraits {
    this.#notable = true
    return this.#traits
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

function isLetter(character: string): boolean {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
}

function endsInLetter(text: string | null): boolean {
  return text !== null && isLetter(text.charAt(text.length - 1))
}
