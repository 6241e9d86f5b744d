import type {
  Assignment,
  Command,
  CommandArgument,
  CommandExpansionPart,
  ParsedScript,
  ProcessSubstitutionPart,
  Redirection,
  Word,
} from 'unbash'
import { CommandEffects } from './command-effects.js'
import type { PlainPiece } from './fallback-split.js'
import type { Expansion } from './field-builder.js'
import { type Flow, type Outcome, TERMINAL, UNKNOWN_OUTCOME } from './flow.js'
import type { HiddenTexts } from './hidden-text.js'
import { EMPTY_TEXT, type KnownText } from './known-text.js'
import { undisguisePaths } from './path-disguise.js'
import { baseName, imageOf, shortProgram } from './program-paths.js'
import type { Reading, Scope, SegmentDraft } from './reading.js'
import { NO_REDIRECTIONS, type Redirections, readRedirections } from './redirections.js'
import { tricksOf } from './word-traits.js'
import { newExpansion, WordExpander } from './words.js'
import { unwrap } from './wrappers.js'

/** Looks into a substitution of a script that is read in `scope`. */
type ReadInner = (
  script: ParsedScript,
  part: CommandExpansionPart | ProcessSubstitutionPart,
  scope: Scope,
) => KnownText | null

const DECLARATIONS = new Set(['export', 'declare', 'local', 'readonly', 'typeset'])

/** Turns one simple command into a segment and follows what it prints and runs. */
export class CommandReader {
  readonly #reading: Reading
  readonly #effects: CommandEffects
  #scope: Scope | null = null
  readonly #expander: WordExpander

  constructor(reading: Reading, hidden: HiddenTexts, readInner: ReadInner) {
    this.#reading = reading
    this.#effects = new CommandEffects(reading, hidden)
    this.#expander = new WordExpander(reading, (script, part) => {
      const scope = this.#scope!
      const output = readInner(script, part, scope)
      this.#scope = scope
      return output
    })
  }

  readCommand(command: Command, scope: Scope, flow: Flow): Outcome {
    this.#scope = scope
    const segment = this.#reading.openSegment(scope, command.pos, command.end)
    if (segment === null) return UNKNOWN_OUTCOME
    const words = newExpansion()
    const assignments = this.#readPrefix(command, words)
    for (const item of command.suffix) {
      if (item.type === 'Word') this.#expander.expand(item, words)
      else if (item.type === 'Assignment') words.words.push(this.#readArgument(item, words.words[0] ?? ''))
    }
    const redirects = hasRedirections(command)
    const redirections = redirects
      ? readRedirections(command.redirects, this.#expander, this.#reading)
      : NO_REDIRECTIONS
    return this.#finish(segment, words, assignments, redirections, scope, flow)
  }

  /** A piece of a text that is no shell syntax. */
  readPlain(piece: PlainPiece, scope: Scope): void {
    const segment = this.#reading.openSegment(scope, piece.start, piece.end)
    if (segment === null) return
    const words = newExpansion()
    words.words.push(...piece.words)
    this.#finish(segment, words, [], NO_REDIRECTIONS, scope, TERMINAL)
  }

  /** `[[ … ]]`, which has no words of its own kind. */
  readTest(start: number, end: number, scope: Scope): Outcome {
    const segment = this.#reading.openSegment(scope, start, end)
    if (segment === null) return UNKNOWN_OUTCOME
    const words = scope.source.slice(start + scope.offset, end + scope.offset).split(/\s+/)
    segment.argv = words
    segment.name = '[['
    segment.image = imageOf('[[')
    segment.text = this.#reading.spendView(words.join(' '))
    return { output: EMPTY_TEXT, first: segment.index, last: segment.index, consumed: false }
  }

  readRedirections(redirects: readonly Redirection[], scope: Scope): Redirections {
    this.#scope = scope
    return readRedirections(redirects, this.#expander, this.#reading)
  }

  /** A word that is no argument (of `for`, `case`, `[[`): only what it holds inside is of interest. */
  readLooseWord(word: Word, scope: Scope): void {
    this.#scope = scope
    this.#expander.expandWhole(word)
  }

  assign(name: string, word: Word, scope: Scope): void {
    this.#scope = scope
    this.#assignWord(name, word, false)
  }

  #readPrefix(command: Command, words: Expansion): readonly string[] {
    const assignments: string[] = []
    for (const item of command.prefix) {
      if (item.type === 'Assignment') assignments.push(this.#readAssignment(item, command.name === undefined))
    }
    if (command.name !== undefined) this.#expander.expand(command.name, words)
    return assignments
  }

  #readArgument(assignment: Assignment, program: string): string {
    return this.#readAssignment(assignment, DECLARATIONS.has(program))
  }

  /** Text of an assignment; the shell keeps the value only where no program follows it. */
  #readAssignment(assignment: Assignment, kept: boolean): string {
    const { value, name } = assignment
    if (value.type === 'ArrayValue') {
      this.#reading.variables.forget(name)
      return assignment.text
    }
    const operator = assignment.append === true ? '+=' : '='
    const text = kept
      ? this.#assignWord(name, value, assignment.append === true)
      : this.#expander.expandWhole(value).text
    return `${name}${operator}${text}`
  }

  #assignWord(name: string, word: Word, appends: boolean): string {
    const { text, traits } = this.#expander.expandWhole(word)
    const before = appends ? this.#reading.variables.get(name)?.known.text : ''
    if (traits?.unknown === true || before === undefined) {
      this.#reading.variables.forget(name)
    } else {
      this.#reading.variables.set(name, {
        known: {
          text: before + text,
          binary: false,
          complete: true,
          encodings: traits?.hidden?.encodings ?? [],
          hidden: traits?.hidden?.hidden ?? 0,
        },
        substituted: traits?.substituted ?? false,
        joined: (traits?.joins ?? 0) > 0,
      })
    }
    return text
  }

  #finish(
    segment: SegmentDraft,
    words: Expansion,
    assignments: readonly string[],
    redirections: Redirections,
    scope: Scope,
    flow: Flow,
  ): Outcome {
    const unwrapped = unwrap(words.words)
    const argv = unwrapped.program === 0 ? words.words : words.words.slice(unwrapped.program)
    this.#judge(words, unwrapped.program)
    const traits = (index: number) => words.traits.get(index + unwrapped.program)
    for (const trick of undisguisePaths(argv, (index) => traits(index)?.wildcard === true)) {
      this.#reading.obfuscation.add(trick)
    }
    const taken = unwrapped.assignments.map((index) => words.words[index] ?? '')
    this.#fill(segment, argv, [...assignments, ...taken], redirections)
    segment.wrappers = unwrapped.wrappers
    this.#readFound(segment, argv, scope)
    return this.#effects.follow({ segment, argv, traits, redirections }, scope, flow)
  }

  #judge(words: Expansion, program: number): void {
    for (const [index, traits] of words.traits) {
      const word = words.words[index] ?? ''
      for (const trick of tricksOf(traits, word, index === program)) this.#reading.obfuscation.add(trick)
    }
  }

  #fill(segment: SegmentDraft, argv: string[], assignments: readonly string[], redirections: Redirections): void {
    const program = argv[0] ?? ''
    const short = shortProgram(program)
    segment.image = program === short ? imageOf(program) : program
    segment.name = /\s/.test(program) ? program : baseName(segment.image)
    if (short !== program) argv[0] = short
    segment.argv = argv
    segment.writes = redirections.writes
    segment.reads = redirections.reads
    segment.text = this.#reading.spendView(joinWords(assignments, argv, redirections.texts))
  }

  /** `find … -exec CMD … \;` runs commands of its own. */
  #readFound(segment: SegmentDraft, argv: readonly string[], scope: Scope): void {
    if (segment.name !== 'find') return
    for (let start = 1; start < argv.length; start++) {
      if (!/^-(?:exec|ok)(?:dir)?$/.test(argv[start] ?? '')) continue
      let end = start + 1
      while (end < argv.length && argv[end] !== ';' && argv[end] !== '+') end++
      const inner = this.#reading.openSegment(
        { ...scope, level: scope.level + 1, offset: 0, fixed: { start: segment.start, end: segment.end } },
        0,
        0,
      )
      if (inner === null) return
      const words = newExpansion()
      words.words.push(...argv.slice(start + 1, end))
      this.#finish(inner, words, [], NO_REDIRECTIONS, scope, { input: null, wanted: false })
      start = end
    }
  }
}

function hasRedirections(command: Command): boolean {
  for (const item of command.suffix) if (isRedirection(item)) return true
  for (const item of command.prefix) if (isRedirection(item)) return true
  return false
}

function isRedirection(item: CommandArgument | Redirection): boolean {
  return item.type === 'Redirect' || item.type === 'HereDoc' || item.type === 'HereString'
}

function joinWords(assignments: readonly string[], argv: readonly string[], redirections: readonly string[]): string {
  let text = ''
  for (const words of [assignments, argv, redirections]) {
    for (const word of words) if (word !== '') text = text === '' ? word : `${text} ${word}`
  }
  return text
}
