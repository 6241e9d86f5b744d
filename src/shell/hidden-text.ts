import type { Encoding } from './command-views.js'
import { type Flow, type ReadHidden, TERMINAL } from './flow.js'
import type { Language } from './interpreters.js'
import { isMostlyPrintable, type KnownText } from './known-text.js'
import { findEscapedStrings, findLiterals, type Literal } from './literals.js'
import { decompressed } from './program-output.js'
import type { Reading, Scope } from './reading.js'

/** Literals of code are short programs; those of any other text must be long enough not to be words. */
const SHORTEST_IN_CODE = 16
const SHORTEST_LITERAL = 24
/** Fewer hidden characters than that, written to a file, are a probe and not a payload. */
const SHORTEST_PAYLOAD = 16

/** Records the texts that a line hides, and has those read that it runs. */
export class HiddenTexts {
  readonly #reading: Reading
  readonly #readHidden: ReadHidden

  constructor(reading: Reading, readHidden: ReadHidden) {
    this.#reading = reading
    this.#readHidden = readHidden
  }

  /** A text that is printed or passed on, and not run as far as the line tells. */
  reveal(known: KnownText, scope: Scope): void {
    if (known.encodings.length === 0) return
    const text = decompressed(known, this.#reading.limits.inflatedBytes)
    if (text.text !== '' && isMostlyPrintable(text)) {
      this.#reading.addDecoded(text.text, [...scope.encodings, ...text.encodings], false)
    }
  }

  /** A text that is written to a file, where a later command of the line may run it. */
  write(path: string, output: KnownText | null, appends: boolean, scope: Scope): void {
    if (output === null) return
    this.#reading.writeFile(path, output, appends)
    if (output.encodings.length === 0) return
    if (output.hidden >= SHORTEST_PAYLOAD) this.#reading.obfuscation.add('encoded_payload')
    this.reveal(output, scope)
  }

  writeAll(
    outputs: readonly { readonly path: string; readonly appends: boolean }[],
    output: KnownText | null,
    scope: Scope,
  ): void {
    for (const { path, appends } of outputs) this.write(path, output, appends, scope)
  }

  /** A text that the line runs. Answers what it prints, if that is known. */
  run(known: KnownText, language: Language, scope: Scope, flow: Flow): KnownText | null {
    const text = decompressed(known, this.#reading.limits.inflatedBytes)
    if (text.text === '' || text.binary) return null
    if (text.encodings.length > 0) this.#reading.obfuscation.add('encoded_payload')
    if (language === 'code') return this.#runCode(text, scope, flow)
    const own: readonly Encoding[] = text.encodings.length > 0 ? text.encodings : ['shell_string']
    const encodings = [...scope.encodings, ...own]
    const entry = this.#reading.addDecoded(text.text, encodings, true)
    if (entry === null || !entry.isNew) return null
    const stored = this.#reading.decoded[entry.index]?.text ?? ''
    return this.#readHidden({ text: stored, decodedIndex: entry.index, encodings }, scope, flow).output
  }

  /** Looks for encoded literals that no command of the line decodes: those of request bodies, of cron lines. */
  scanAll(typed: Scope): void {
    this.#scan(typed.source, typed)
    for (let index = 0; index < this.#reading.decoded.length; index++) {
      const { text, encodings } = this.#reading.decoded[index]!
      const depth = Math.min(encodings.length, this.#reading.limits.depth)
      this.#scan(text, { ...typed, source: text, decodedIndex: index, encodings, depth })
    }
  }

  #scan(text: string, scope: Scope): void {
    for (const literal of findLiterals(text, SHORTEST_LITERAL)) {
      if (this.#reading.decodedSources.some((source) => source.includes(literal.source))) continue
      this.#reading.decodedSources.push(literal.source)
      if (isRunByShell(text.slice(literal.end, literal.end + 96))) {
        this.run(literal.known, 'shell', scope, TERMINAL)
      } else {
        this.reveal(literal.known, scope)
      }
    }
  }

  #runCode(code: KnownText, scope: Scope, flow: Flow): KnownText | null {
    let inner = scope
    if (code.encodings.length > 0) {
      const encodings = [...scope.encodings, ...code.encodings]
      this.#reading.addDecoded(code.text, encodings, true)
      inner = { ...scope, encodings, depth: scope.depth + 1 }
    }
    if (inner.depth > this.#reading.limits.depth) return null
    const literals = [...findLiterals(code.text, SHORTEST_IN_CODE), ...findEscapedStrings(code.text)]
    let printed: KnownText | null = null
    for (const literal of literals) printed = this.#runLiteral(literal, code.text, inner, flow) ?? printed
    return literals.length === 1 ? printed : null
  }

  #runLiteral(literal: Literal, code: string, scope: Scope, flow: Flow): KnownText | null {
    const known = decompressed(literal.known, this.#reading.limits.inflatedBytes)
    this.#reading.decodedSources.push(literal.source)
    if (/\b(?:system|popen|shell_exec|passthru|subprocess|execSync|spawn)\b/.test(code)) {
      this.run(known, 'shell', scope, TERMINAL)
    } else if (/\b(?:exec|eval|assert|include|Function)\b/.test(code)) {
      this.#runCode(known, scope, TERMINAL)
      this.#reading.obfuscation.add('encoded_payload')
    } else if (flow.wanted && /\b(?:print|echo|puts|write|say|log)\b/.test(code)) {
      return known
    } else {
      this.reveal(known, scope)
    }
    return null
  }
}

/** Whether what follows a literal decodes it and pipes it into a shell. */
function isRunByShell(following: string): boolean {
  return /base64|openssl/.test(following) && /\|\s{0,4}(?:\/bin\/)?(?:ba|da|a|z|k)?sh\b/.test(following)
}
