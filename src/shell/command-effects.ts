import type { Flow, Outcome } from './flow.js'
import type { HiddenTexts } from './hidden-text.js'
import { executionOf } from './interpreters.js'
import { EMPTY_TEXT, type KnownText, plainText } from './known-text.js'
import { outputOf, understands } from './program-output.js'
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

/** Follows what a command runs, prints and writes, as far as the line tells. */
export class CommandEffects {
  readonly #reading: Reading
  readonly #hidden: HiddenTexts

  constructor(reading: Reading, hidden: HiddenTexts) {
    this.#reading = reading
    this.#hidden = hidden
  }

  /** Follows what the command runs, prints and writes. */
  follow(unfolded: Unfolded, scope: Scope, flow: Flow): Outcome {
    const { segment, argv, redirections } = unfolded
    const { name } = segment
    const input = redirections.input ?? flow.input
    if (name === 'unset' || name === 'read') for (const word of argv) this.#reading.variables.forget(word)
    this.#feedProcesses(unfolded)
    const executed = this.#execute(unfolded, input, scope, flow)
    const asked = flow.wanted || redirections.outputs.length > 0 || mayPrintHidden(name, segment.text)
    let output = executed?.output ?? null
    if (executed === null && asked) output = this.#print(unfolded, input, scope)
    this.#revealWords(unfolded, executed?.index ?? -1, scope)
    if (redirections.outputs.length > 0) {
      this.#hidden.writeAll(redirections.outputs, output, scope)
      output = EMPTY_TEXT
    } else if (!flow.wanted && output !== null) {
      this.#hidden.reveal(output, scope)
    }
    const consumed = executed?.consumed ?? (understands(name) && name !== 'echo' && name !== 'printf')
    return { output: argv.length === 0 ? EMPTY_TEXT : output, first: segment.index, last: segment.index, consumed }
  }

  #print(unfolded: Unfolded, input: KnownText | null, scope: Scope): KnownText | null {
    const { segment, argv } = unfolded
    const output = outputOf(segment.name, {
      args: argv.slice(1),
      input,
      readFile: (path) => this.#reading.readFile(path),
      inflatedBytes: this.#reading.limits.inflatedBytes,
    })
    if (output === null) return null
    if (input !== null && output.encodings.length > input.encodings.length)
      this.#reading.decodedSources.push(input.text)
    if (segment.name === 'tee')
      for (const path of argv.slice(1))
        if (!path.startsWith('-')) this.#hidden.write(path, output, argv.includes('-a'), scope)
    for (let index = 1; index < argv.length; index++) {
      const hidden = unfolded.traits(index)?.hidden
      if (hidden && output.encodings.length === 0)
        return { ...output, encodings: hidden.encodings, hidden: hidden.hidden }
    }
    return output
  }

  /** What the command hands to an interpreter; null if nothing that is known. */
  #execute(
    unfolded: Unfolded,
    input: KnownText | null,
    scope: Scope,
    flow: Flow,
  ): { readonly output: KnownText | null; readonly consumed: boolean; readonly index: number } | null {
    const { segment, argv } = unfolded
    const own = this.#reading.readFile(argv[0] ?? '')
    if (own !== null) {
      return {
        output: this.#hidden.run(own, 'shell', scope, { input, wanted: flow.wanted }),
        consumed: true,
        index: -1,
      }
    }
    const execution = executionOf(segment.name, argv)
    if (execution === null) return null
    const nothing = { output: null, consumed: execution.from === 'input', index: -1 }
    if (execution.from === 'input') {
      if (input === null) return nothing
      return {
        output: this.#hidden.run(input, execution.language, scope, { input: null, wanted: flow.wanted }),
        consumed: true,
        index: -1,
      }
    }
    if (execution.from === 'file') {
      const file = this.#reading.readFile(argv[execution.index] ?? '')
      if (file === null) return nothing
      return {
        output: this.#hidden.run(file, execution.language, scope, { input, wanted: flow.wanted }),
        consumed: false,
        index: -1,
      }
    }
    const text = execution.from === 'word' ? argv[execution.index] : argv.slice(execution.index).join(' ')
    if (text === undefined || text === '') return nothing
    if (segment.name === 'watch' && !text.includes(' ')) return null
    const traits = unfolded.traits(execution.index)
    const hidden = traits?.hidden
    const known: KnownText = hidden ? { ...hidden, text } : plainText(text)
    this.#connectInner(unfolded, execution.index)
    // What a substitution prints is unknown here, and its own commands are segments already.
    if (traits !== undefined && !traits.substituted && isOneSubstitution(text)) return nothing
    const output = this.#hidden.run(known, execution.language, scope, { input, wanted: flow.wanted })
    return { output, consumed: false, index: execution.index }
  }

  /** `sh -c "$(curl …)"` and `bash <(curl …)`: what the inner command prints flows into the shell. */
  #connectInner(unfolded: Unfolded, index: number): void {
    const traits = unfolded.traits(index)
    if (traits === undefined || traits.innerTo === traits.innerFrom) return
    const { segments, levels } = this.#reading
    const level = (levels[unfolded.segment.index] ?? 0) + 1
    for (let inner = traits.innerFrom; inner < traits.innerTo; inner++) {
      if (levels[inner] !== level) continue
      segments[inner]!.pipedTo ??= unfolded.segment.name
      unfolded.segment.pipedFrom = segments[inner]!.name
    }
  }

  #feedProcesses(unfolded: Unfolded): void {
    for (let index = 0; index < unfolded.argv.length; index++) {
      const traits = unfolded.traits(index)
      if (traits?.processSubstitution === true) this.#connectInner(unfolded, index)
    }
  }

  /** Hidden texts in words that nobody runs. */
  #revealWords(unfolded: Unfolded, executedIndex: number, scope: Scope): void {
    for (let index = 0; index < unfolded.argv.length; index++) {
      const hidden = unfolded.traits(index)?.hidden
      if (hidden && index !== executedIndex) this.#hidden.reveal(hidden, scope)
    }
  }
}

/** Whether a program that only prints could print something that the line does not show. */
function mayPrintHidden(name: string, text: string): boolean {
  return (name === 'echo' || name === 'printf') && text.includes('\\')
}

function isOneSubstitution(text: string): boolean {
  return /^(?:\$\([^()]*\)|`[^`]*`)$/.test(text)
}
