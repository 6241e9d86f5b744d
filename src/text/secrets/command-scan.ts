import type { SecretSpan } from './secret-span.js'

/** One simple command of a shell line: its words, and the operators between the command before it and this one. */
export interface ScannedCommand {
  readonly words: readonly ScannedWord[]
  readonly operators: string
}

/** A word as written: character offsets with quotes, and its text without quotes and backslashes. */
export interface ScannedWord extends SecretSpan {
  readonly plain: string
}

const MAX_DEPTH = 3
const MAX_PLAIN = 256
const SPACE = /\s/
const QUOTING = /["'\\]/g
const GROUPING = new Set(['{', '}', '!', 'then', 'do', 'else', 'if', 'while'])

/**
 * Splits a line into simple commands, roughly as a shell does, and the insides of quoted texts likewise
 * (`sh -c "…"`). A scan for secrets only: anything is taken as a line, whether a shell would or not.
 */
export function* scanCommands(
  text: string,
  start = 0,
  end = text.length,
  depth = 0,
): Generator<readonly ScannedCommand[]> {
  const commands = new CommandScan(text, start, end).run()
  yield commands
  if (depth >= MAX_DEPTH) return
  for (const { words } of commands) {
    for (const word of words) {
      if (!isQuotedLine(text, word)) continue
      const quote = text[word.end - 1] === '"' || text[word.end - 1] === "'" ? 1 : 0
      yield* scanCommands(
        text,
        text.slice(word.start, word.end).search(/["']/) + 1 + word.start,
        word.end - quote,
        depth + 1,
      )
    }
  }
}

/** Where in the text a word goes on after so many of its plain characters. */
export function offsetInWord(text: string, word: ScannedWord, plainLength: number): number {
  let offset = word.start
  for (let left = plainLength; offset < word.end && left > 0; offset++) if (!isQuoting(text[offset]!)) left--
  return offset
}

function isQuoting(character: string): boolean {
  return character === '"' || character === "'" || character === '\\'
}

function isQuotedLine(text: string, word: ScannedWord): boolean {
  const written = text.slice(word.start, word.end)
  return /["']/.test(written) && SPACE.test(written)
}

class CommandScan {
  readonly #text: string
  readonly #end: number
  readonly #commands: ScannedCommand[] = []
  #position: number
  #words: ScannedWord[] = []
  #operators = ''

  constructor(text: string, start: number, end: number) {
    this.#text = text
    this.#position = start
    this.#end = end
  }

  run(): readonly ScannedCommand[] {
    while (this.#position < this.#end) {
      const character = this.#text[this.#position]!
      if (character === ' ' || character === '\t') this.#position++
      else if (isOperator(character) && !this.#redirects()) this.#takeOperator(character)
      else this.#takeWord()
    }
    this.#endCommand('')
    return this.#commands
  }

  #takeOperator(character: string): void {
    this.#position++
    this.#endCommand(character)
  }

  /** A lone `$` before `(` is no command: what stands in the brackets takes its place. */
  #endCommand(operator: string): void {
    if (operator === '(' && this.#words.length === 1 && this.#words[0]!.plain === '$') this.#words = []
    if (this.#words.length > 0) {
      this.#commands.push({ words: this.#words, operators: this.#operators })
      this.#words = []
      this.#operators = ''
    }
    this.#operators += operator
  }

  #takeWord(): void {
    const start = this.#position
    if (this.#redirects()) this.#skipRedirection()
    else while (this.#position < this.#end && !this.#atWordEnd()) this.#skipPart()
    const end = Math.min(this.#position, this.#end)
    const plain = this.#text.slice(start, Math.min(end, start + MAX_PLAIN)).replace(QUOTING, '')
    if (GROUPING.has(plain)) this.#endCommand(plain)
    else this.#words.push({ start, end, plain })
  }

  #atWordEnd(): boolean {
    const character = this.#text[this.#position]!
    return isOperator(character) || character === ' ' || character === '\t' || character === '<' || character === '>'
  }

  /** At `<`, `>` or `&>`, which are words of their own here and end no command. */
  #redirects(): boolean {
    const character = this.#text[this.#position]
    return character === '<' || character === '>' || (character === '&' && this.#text[this.#position + 1] === '>')
  }

  #skipRedirection(): void {
    while (this.#position < this.#end && '<>&'.includes(this.#text[this.#position]!)) this.#position++
  }

  /** Skips a character, an escaped character or a quoted text; a quote that nothing closes is a character. */
  #skipPart(): void {
    const character = this.#text[this.#position]!
    if (character === '\\') this.#position += 2
    else if (character === "'") this.#skipTo(this.#text.indexOf("'", this.#position + 1))
    else if (character === '"') this.#skipTo(this.#doubleQuoteEnd())
    else this.#position++
  }

  #skipTo(closing: number): void {
    this.#position = closing >= 0 && closing < this.#end ? closing + 1 : this.#position + 1
  }

  #doubleQuoteEnd(): number {
    for (let index = this.#position + 1; index < this.#end; index++) {
      const character = this.#text[index]
      if (character === '"') return index
      if (character === '\\') index++
    }
    return -1
  }
}

function isOperator(character: string): boolean {
  return OPERATORS.has(character)
}

const OPERATORS = new Set(['|', ';', '&', '\n', '\r', '(', ')', '`'])
