import { isLetter, isWordCharacter, type WordTraits } from './word-traits.js'

const USUAL_SEPARATORS = ' \t\n'

/** The fields that one word falls into while its parts are put together, and the seams between the parts. */
export class Fields {
  readonly #traits: WordTraits
  readonly #into: string[]
  /** Null between fields. */
  #field: string | null = null
  #lastWasVariable = false
  /** Whether the last part expanded to nothing and may have hidden a seam. */
  #afterNothing = false

  constructor(traits: WordTraits, into: string[]) {
    this.#traits = traits
    this.#into = into
  }

  /** A quoted part makes a field even if it is empty. */
  open(): void {
    this.#field ??= ''
  }

  addLiteral(text: string): void {
    if (this.#afterNothing && isWordCharacter(text.charAt(0))) this.#joined(true)
    else if (this.#lastWasVariable && isLetter(this.#lastCharacter) && isLetter(text.charAt(0))) this.#joined(false)
    this.addPlain(text)
  }

  /** Text that is no seam whatever stands beside it. */
  addPlain(text: string): void {
    this.#field = (this.#field ?? '') + text
    this.#lastWasVariable = false
    this.#afterNothing = false
  }

  /** The value of a variable, split at `separators` unless that is null. */
  addVariable(value: string, separators: string | null): void {
    const before = this.#lastCharacter
    if (this.#lastWasVariable && isWordCharacter(before) && isWordCharacter(value.charAt(0))) this.#joined(true)
    else if (isLetter(before) && isLetter(value.charAt(0))) this.#joined(false)
    this.addSplit(value, separators)
    this.#lastWasVariable = true
  }

  addSplit(text: string, separators: string | null): void {
    let start = 0
    for (let i = 0; separators !== null && i < text.length; i++) {
      if (!separators.includes(text.charAt(i))) continue
      if (i > start) this.addPlain(text.slice(start, i))
      this.end()
      start = i + 1
      if (separators !== USUAL_SEPARATORS) this.#traits.ifsSplit = true
    }
    if (start < text.length || separators === null) this.addPlain(text.slice(start))
  }

  /** An expansion that is known to be empty. Answers whether it can only be there to break a word up. */
  addNothing(): boolean {
    if (this.#field === null) return this.#traits.ifsSplit
    this.#afterNothing = isLetter(this.#lastCharacter)
    return this.#afterNothing
  }

  /** Ends the field at hand; what comes next starts another. */
  end(): void {
    if (this.#field !== null) this.#into.push(this.#field)
    this.#field = null
    this.#lastWasVariable = false
    this.#afterNothing = false
  }

  get #lastCharacter(): string {
    return this.#field === null ? '' : this.#field.charAt(this.#field.length - 1)
  }

  #joined(strongly: boolean): void {
    this.#traits.joins++
    if (strongly) this.#traits.variableJoins++
  }
}
