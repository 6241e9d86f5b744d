import type { Flow, Outcome } from './flow.js'
import type { HiddenTexts } from './hidden-text.js'
import { type Execution, executionOf } from './interpreters.js'
import { EMPTY_TEXT, type KnownText, plainText } from './known-text.js'
import { connectInner } from './pipes.js'
import { outputOf, takesInput } from './program-output.js'
import type { Reading, Scope, SegmentDraft } from './reading.js'
import type { Redirections } from './redirections.js'
import type { WordTraits } from './word-traits.js'

/** A command after expansion: the words of the real program, and what stood around them. */
export interface Unfolded {
  readonly segment: SegmentDraft
  readonly argv: readonly string[]
  /** Traits of `argv[index]`. */
  readonly traits: (index: number) => WordTraits | undefined
  readonly redirections: Redirections
}

/** What a command runs that it was handed. */
interface Handed {
  readonly known: KnownText | null
  /** Index of the word that holds it, or -1. */
  readonly word: number
  readonly language: 'shell' | 'code'
  /** Whether it came in through standard input. */
  readonly fromInput: boolean
}

/** Follows what a command runs, prints and writes, as far as the line tells. */
export class CommandEffects {
  readonly #reading: Reading
  readonly #hidden: HiddenTexts

  constructor(reading: Reading, hidden: HiddenTexts) {
    this.#reading = reading
    this.#hidden = hidden
  }

  follow(command: Unfolded, scope: Scope, flow: Flow): Outcome {
    const { segment, argv, redirections } = command
    const { name } = segment
    const input = redirections.input ?? flow.input
    if (name === 'unset' || name === 'read') for (const word of argv) this.#reading.variables.forget(word)
    this.#connectProcesses(command)
    const handed = this.#handed(command, input)
    const wanted = flow.wanted || redirections.outputs.length > 0
    let output: KnownText | null = argv.length === 0 ? EMPTY_TEXT : null
    if (handed !== null) {
      const inner = { input: handed.fromInput ? null : input, wanted }
      if (handed.known !== null) output = this.#hidden.run(handed.known, handed.language, scope, inner)
    } else if (wanted || printsOfInterest(name, segment.text)) {
      output = this.#print(command, input, scope) ?? output
    }
    this.#revealWords(command, handed?.word ?? -1, scope)
    if (redirections.outputs.length > 0) {
      this.#hidden.writeAll(redirections.outputs, output, scope)
      output = EMPTY_TEXT
    } else if (!wanted && output !== null) {
      this.#hidden.reveal(output, scope)
    }
    const consumed = handed?.fromInput ?? takesInput(name)
    return { output, first: segment.index, last: segment.index, consumed }
  }

  #print(command: Unfolded, input: KnownText | null, scope: Scope): KnownText | null {
    const { segment, argv } = command
    if (input !== null && !this.#reading.spendExpansion(input.text.length)) return null
    const output = outputOf(segment.name, {
      args: argv.slice(1),
      input,
      readFile: (path) => this.#reading.readFile(path),
      inflatedBytes: this.#reading.limits.inflatedBytes,
    })
    if (output === null) return null
    if (input !== null && output.encodings.length > input.encodings.length) {
      this.#reading.decodedSources.push(input.text)
    }
    if (segment.name === 'tee') {
      const outputs = argv.slice(1).filter((path) => !path.startsWith('-'))
      const appends = argv.includes('-a')
      this.#hidden.writeAll(
        outputs.map((path) => ({ path, appends })),
        output,
        scope,
      )
    }
    return takesInput(segment.name) ? output : withTraits(output, command)
  }

  /** What the command runs; null if it is no interpreter of something handed to it. */
  #handed(command: Unfolded, input: KnownText | null): Handed | null {
    const { segment, argv } = command
    const own = this.#reading.readFile(argv[0] ?? '')
    if (own !== null) return { known: own, word: -1, language: 'shell', fromInput: false }
    const execution = executionOf(segment.name, argv)
    if (execution === null) return null
    const { language } = execution
    if (execution.from === 'input') return { known: input, word: -1, language, fromInput: true }
    if (execution.from === 'file') {
      return { known: this.#reading.readFile(argv[execution.index] ?? ''), word: -1, language, fromInput: false }
    }
    return { known: this.#scriptWord(command, execution), word: execution.index, language, fromInput: false }
  }

  #scriptWord(command: Unfolded, execution: Extract<Execution, { index: number }>): KnownText | null {
    const { index } = execution
    const text = execution.from === 'word' ? command.argv[index] : command.argv.slice(index).join(' ')
    if (text === undefined || text === '') return null
    this.#connectInner(command, index)
    const traits = command.traits(index)
    // What a lone expansion gives is unknown here, and the commands of a substitution are segments already.
    if (traits?.unknown === true && isOneExpansion(text)) return null
    return traits?.hidden ? { ...traits.hidden, text } : plainText(text)
  }

  #connectProcesses(command: Unfolded): void {
    for (let index = 0; index < command.argv.length; index++) {
      if (command.traits(index)?.processSubstitution === true) this.#connectInner(command, index)
    }
  }

  #connectInner(command: Unfolded, index: number): void {
    const traits = command.traits(index)
    if (traits !== undefined) connectInner(this.#reading, command.segment.index, traits.innerFrom, traits.innerTo)
  }

  /** Hidden texts in words that nobody runs. */
  #revealWords(command: Unfolded, executedIndex: number, scope: Scope): void {
    for (let index = 0; index < command.argv.length; index++) {
      const hidden = command.traits(index)?.hidden
      if (hidden && index !== executedIndex) this.#hidden.reveal(hidden, scope)
    }
  }
}

/** What a program prints of its own words is as hidden, and as uncertain, as they are. */
function withTraits(output: KnownText, command: Unfolded): KnownText {
  let printed = output
  for (let index = 1; index < command.argv.length; index++) {
    const traits = command.traits(index)
    if (traits === undefined) continue
    if (traits.unknown) printed = { ...printed, complete: false }
    if (traits.hidden !== null && printed.encodings.length === 0) {
      printed = { ...printed, encodings: traits.hidden.encodings, hidden: traits.hidden.hidden }
    }
  }
  return printed
}

/** Whether what a program prints matters although nobody of the line reads it: hidden characters, or a copy in a file. */
function printsOfInterest(name: string, text: string): boolean {
  return name === 'tee' || ((name === 'echo' || name === 'printf') && text.includes('\\'))
}

function isOneExpansion(text: string): boolean {
  return /^(?:\$\([^()]*\)|`[^`]*`|\$\{?\w+\}?)$/.test(text)
}
