import type { CommandNode, ParsedScript, PipelineNode, Redirection, Statement, SyntaxNode, Word } from 'unbash'
import { forEachChild } from 'unbash'
import { CommandReader } from './command-reader.js'
import { splitPlainly } from './fallback-split.js'
import { chain, type Flow, NO_OUTCOME, type Outcome, type ReadHidden, TERMINAL } from './flow.js'
import { HiddenTexts } from './hidden-text.js'
import { EMPTY_TEXT, type KnownText } from './known-text.js'
import { parseScript } from './parse-script.js'
import { connectPipe } from './pipes.js'
import type { Reading, Scope } from './reading.js'

/** Walks the syntax tree of a script and has every simple command read. */
export class ScriptReader {
  readonly #reading: Reading
  readonly #commands: CommandReader
  readonly hiddenTexts: HiddenTexts

  constructor(reading: Reading) {
    this.#reading = reading
    const readHidden: ReadHidden = (hidden, scope, flow) => this.#readHidden(hidden, scope, flow)
    this.hiddenTexts = new HiddenTexts(reading, readHidden)
    this.#commands = new CommandReader(reading, this.hiddenTexts, (script, part, scope) =>
      this.#readSubstitution(script, part.pos, part.end, scope),
    )
  }

  /** Reads a text as a script. Never throws; what is no shell syntax is split at its separators. */
  readText(text: string, scope: Scope, flow: Flow = TERMINAL): Outcome {
    const { parts, parsedUntil } = parseScript(text)
    let outcome = NO_OUTCOME
    for (const { script, offset } of parts) {
      outcome = chain(outcome, this.#readStatements(script.commands, offset === 0 ? scope : { ...scope, offset }, flow))
    }
    if (parsedUntil < text.length) {
      this.#reading.truncated = true
      for (const piece of splitPlainly(text.slice(parsedUntil))) {
        this.#commands.readPlain(piece, { ...scope, offset: parsedUntil })
      }
    }
    return outcome
  }

  /** Reads one command that was given as a list of words, without a shell. */
  readWords(words: readonly string[], scope: Scope): void {
    this.#commands.readPlain({ words, start: 0, end: scope.source.length }, scope)
  }

  #readStatements(statements: readonly Statement[], scope: Scope, flow: Flow): Outcome {
    let outcome = NO_OUTCOME
    for (const statement of statements) {
      if (this.#reading.isFull) return this.#cut(outcome)
      outcome = chain(outcome, this.#readNode(statement.command, scope, flow))
    }
    return outcome
  }

  /** Reads the script of a `$(…)` or `<(…)`; its output is wanted. */
  #readSubstitution(script: ParsedScript, start: number, end: number, scope: Scope): KnownText | null {
    if (scope.level >= this.#reading.limits.substitutionDepth) {
      this.#reading.truncated = true
      return null
    }
    const fixed =
      scope.fixed ?? (script.source === undefined ? null : { start: start + scope.offset, end: end + scope.offset })
    return this.#readStatements(
      script.commands,
      { ...scope, level: scope.level + 1, fixed },
      { input: null, wanted: true },
    ).output
  }

  /** Reads a text that was hidden in the line and is run by it. */
  #readHidden(hidden: Parameters<ReadHidden>[0], scope: Scope, flow: Flow): Outcome {
    if (scope.depth >= this.#reading.limits.depth) {
      this.#reading.truncated = true
      return NO_OUTCOME
    }
    if (!this.#reading.spendScript(hidden.text.length)) return NO_OUTCOME
    const inner: Scope = {
      source: hidden.text,
      offset: 0,
      decodedIndex: hidden.decodedIndex,
      encodings: hidden.encodings,
      depth: scope.depth + 1,
      level: scope.level,
      fixed: null,
    }
    return this.readText(hidden.text, inner, flow)
  }

  #cut(outcome: Outcome): Outcome {
    this.#reading.truncated = true
    return { ...outcome, output: null }
  }

  #readNode(node: PipelineNode | Statement['command'], scope: Scope, flow: Flow): Outcome {
    switch (node.type) {
      case 'Command':
        return this.#commands.readCommand(node, scope, flow)
      case 'Pipeline':
        return this.#readPipeline(node, scope, flow)
      case 'AndOr': {
        let outcome = NO_OUTCOME
        node.commands.forEach((command, index) => {
          const next = this.#readNode(command, scope, flow)
          const skipped = node.operators[index - 1] === '||' && outcome.output !== null
          outcome = chain(outcome, skipped ? { ...next, output: EMPTY_TEXT } : next)
        })
        return outcome
      }
      default:
        return this.#readCompound(node, scope, flow)
    }
  }

  #readPipeline(node: Extract<PipelineNode, { type: 'Pipeline' }>, scope: Scope, flow: Flow): Outcome {
    const { segments } = this.#reading
    const timed = node.prefixes.some((prefix) => prefix.type === 'Time')
    let before: Outcome | null = null
    let first = -1
    let from = segments.length
    for (let index = 0; index < node.commands.length; index++) {
      const command = node.commands[index]!
      const isLast = index === node.commands.length - 1
      const start = segments.length
      const outcome = this.#readNode(command, scope, {
        input: before === null ? flow.input : before.output,
        wanted: isLast ? flow.wanted : true,
      })
      if (first < 0) first = outcome.first
      if (before !== null) {
        if (before.output !== null && !outcome.consumed) this.hiddenTexts.reveal(before.output, scope)
        connectPipe(this.#reading, scope, [before, outcome], { from, middle: start, end: segments.length })
      }
      before = outcome
      from = start
    }
    if (timed && first >= 0) segments[first]!.wrappers = ['time', ...segments[first]!.wrappers]
    return before === null ? NO_OUTCOME : { ...before, first }
  }

  #readCompound(node: CommandNode, scope: Scope, flow: Flow): Outcome {
    switch (node.type) {
      case 'Redirected':
        return this.#readRedirected(node.command, node.redirects, scope, flow)
      case 'If': {
        const branches = [node.clause, node.then, ...node.elif.flatMap((elif) => [elif.clause, elif.then])]
        if (node.else !== undefined) branches.push(node.else)
        return this.#readBranches(
          branches.map((branch) => branch.commands),
          scope,
          flow,
        )
      }
      case 'For':
      case 'Select':
        return this.#readLoop(node.name.value, node.wordlist, node.body.commands, scope, flow)
      case 'While':
        return this.#readBranches([node.clause.commands, node.body.commands], scope, flow)
      case 'Case': {
        this.#commands.readLooseWord(node.word, scope)
        return this.#readBranches(
          node.items.map((item) => item.body.commands),
          scope,
          flow,
        )
      }
      case 'Subshell':
      case 'BraceGroup':
        return this.#readStatements(node.body.commands, scope, flow)
      case 'ArithmeticFor':
        return this.#readBranches([node.body.commands], scope, flow)
      case 'Function':
      case 'Coproc':
        return node.body.type === 'CompoundList'
          ? this.#readStatements(node.body.commands, scope, TERMINAL)
          : this.#readNode(node.body, scope, TERMINAL)
      case 'TestCommand': {
        const outcome = this.#commands.readTest(node.pos, node.end, scope)
        this.#readWordsBelow(node, scope)
        return outcome
      }
      default:
        return NO_OUTCOME
    }
  }

  /** What a branch prints depends on what cannot be known, so the output of the whole is not known either. */
  #readBranches(branches: readonly (readonly Statement[])[], scope: Scope, flow: Flow): Outcome {
    let outcome = NO_OUTCOME
    for (const branch of branches)
      outcome = chain(outcome, this.#readStatements(branch, scope, { ...flow, wanted: false }))
    return { ...outcome, output: null }
  }

  #readLoop(
    name: string,
    words: readonly Word[] | undefined,
    body: readonly Statement[],
    scope: Scope,
    flow: Flow,
  ): Outcome {
    const [only, ...more] = words ?? []
    for (const word of words ?? []) this.#commands.readLooseWord(word, scope)
    this.#reading.variables.forget(name)
    if (only !== undefined && more.length === 0) this.#commands.assign(name, only, scope)
    return this.#readBranches([body], scope, flow)
  }

  #readRedirected(command: CommandNode, redirects: readonly Redirection[], scope: Scope, flow: Flow): Outcome {
    const redirected = this.#commands.readRedirections(redirects, scope)
    const outcome = this.#readNode(command, scope, {
      input: redirected.input ?? flow.input,
      wanted: flow.wanted || redirected.writes.length > 0,
    })
    const last = this.#reading.segments[outcome.last]
    if (last !== undefined) {
      last.writes = [...last.writes, ...redirected.writes]
      last.reads = [...last.reads, ...redirected.reads]
    }
    if (redirected.writes.length === 0) return outcome
    this.hiddenTexts.writeAll(redirected.outputs, outcome.output, scope)
    return { ...outcome, output: EMPTY_TEXT }
  }

  #readWordsBelow(node: SyntaxNode, scope: Scope): void {
    forEachChild(node, (child) => {
      if (child.type === 'Word') this.#commands.readLooseWord(child, scope)
      else this.#readWordsBelow(child, scope)
    })
  }
}
