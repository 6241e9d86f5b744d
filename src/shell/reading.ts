import type { DecodedText, Encoding, Obfuscation, Segment } from './command-views.js'
import type { KnownText } from './known-text.js'
import type { NormaliserLimits } from './limits.js'
import { Variables } from './variables.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export type SegmentDraft = Mutable<Segment>
type DecodedDraft = Mutable<DecodedText>

/** A text that commands are read from, and where it stands. */
export interface Scope {
  readonly source: string
  /** Added to the parser's offsets, for scripts that were parsed from a later part of `source`. */
  readonly offset: number
  readonly decodedIndex: number | null
  /** Encodings that hide `source` itself. */
  readonly encodings: readonly Encoding[]
  /** How many texts it is nested in. */
  readonly depth: number
  /** How many substitutions of the same text it is nested in. */
  readonly level: number
  /** Offsets that all commands of the scope get, where the parser's do not index `source`. */
  readonly fixed: { readonly start: number; readonly end: number } | null
}

/** What has been found in one line so far, and what is left of the budget. Lives for one line. */
export class Reading {
  readonly limits: NormaliserLimits
  readonly segments: SegmentDraft[] = []
  /** Substitution level of each segment. */
  readonly levels: number[] = []
  readonly decoded: DecodedDraft[] = []
  readonly obfuscation = new Set<Obfuscation>()
  readonly variables = new Variables()
  /** Texts that were decoded already, as they stand in the line. */
  readonly decodedSources: string[] = []
  braceWordsLeft: number
  truncated = false
  readonly #files = new Map<string, KnownText>()
  #viewCharactersLeft: number
  #scriptCharactersLeft: number
  #expansionCharactersLeft: number
  #substitutionsLeft: number

  constructor(limits: NormaliserLimits) {
    this.limits = limits
    this.braceWordsLeft = limits.braceWords
    this.#viewCharactersLeft = limits.viewCharacters
    this.#scriptCharactersLeft = limits.scriptCharacters
    this.#expansionCharactersLeft = limits.viewCharacters
    this.#substitutionsLeft = limits.segments
  }

  /** A new empty segment, or null if the line has had its share. */
  openSegment(scope: Scope, start: number, end: number): SegmentDraft | null {
    if (this.isFull) {
      this.truncated = true
      return null
    }
    const segment: SegmentDraft = {
      index: this.segments.length,
      text: '',
      image: '',
      name: '',
      argv: [],
      wrappers: [],
      writes: [],
      reads: [],
      pipedFrom: null,
      pipedTo: null,
      decodedIndex: scope.decodedIndex,
      start: scope.fixed?.start ?? start + scope.offset,
      end: scope.fixed?.end ?? end + scope.offset,
    }
    this.segments.push(segment)
    this.levels.push(scope.level)
    return segment
  }

  /** Takes `characters` of view text from the budget and answers the text, cut if there is less left. */
  spendView(text: string): string {
    const left = this.#viewCharactersLeft
    this.#viewCharactersLeft = Math.max(0, left - text.length)
    if (text.length <= left) return text
    this.truncated = true
    return text.slice(0, left)
  }

  /** Whether a hidden text of that length may still be parsed as a script. */
  spendScript(characters: number): boolean {
    if (characters > this.#scriptCharactersLeft) {
      this.truncated = true
      return false
    }
    this.#scriptCharactersLeft -= characters
    return true
  }

  /** Whether the value of a variable or substitution may still be put into a word. */
  spendExpansion(characters: number): boolean {
    if (characters > this.#expansionCharactersLeft) {
      this.truncated = true
      return false
    }
    this.#expansionCharactersLeft -= characters
    return true
  }

  /** Whether another `$(…)` may be looked into. */
  spendSubstitution(): boolean {
    if (this.#substitutionsLeft <= 0 || this.isFull) {
      this.truncated = true
      return false
    }
    this.#substitutionsLeft--
    return true
  }

  /** Whether no further segment has room. */
  get isFull(): boolean {
    return this.segments.length >= this.limits.segments || this.#viewCharactersLeft <= 0
  }

  /**
   * Records a hidden text. The same text found again is one entry, executed if it was so once.
   * `isNew` is false for a repetition; null if there is no room for another.
   */
  addDecoded(
    text: string,
    encodings: readonly Encoding[],
    executed: boolean,
  ): { readonly index: number; readonly isNew: boolean } | null {
    const name = encodings.join()
    const known = this.decoded.findIndex((entry) => entry.text === text && entry.encodings.join() === name)
    if (known >= 0) {
      const entry = this.decoded[known]!
      const isNew = executed && !entry.executed
      entry.executed ||= executed
      return { index: known, isNew }
    }
    if (this.decoded.length >= this.limits.decodedTexts) {
      this.truncated = true
      return null
    }
    const kept = this.spendView(text)
    if (kept === '') return null
    this.decoded.push({ text: kept, encodings, executed })
    return { index: this.decoded.length - 1, isNew: true }
  }

  writeFile(path: string, content: KnownText, appends: boolean): void {
    const key = fileKey(path)
    const before = appends ? this.#files.get(key) : undefined
    if (this.#files.size >= 64 && before === undefined) return
    const text = (before?.text ?? '') + content.text
    if (text.length > this.limits.inputCharacters) return
    this.#files.set(key, {
      text,
      complete: content.complete && (before?.complete ?? true),
      binary: content.binary || (before?.binary ?? false),
      encodings: before === undefined || before.encodings.length === 0 ? content.encodings : before.encodings,
      hidden: content.hidden + (before?.hidden ?? 0),
    })
  }

  /** What the line itself wrote to a file, if that is known. */
  readFile(path: string): KnownText | null {
    return this.#files.size === 0 ? null : (this.#files.get(fileKey(path)) ?? null)
  }
}

function fileKey(path: string): string {
  return path.startsWith('./') ? path.slice(2) : path
}
