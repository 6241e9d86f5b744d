import type { View } from '../events/view.js'
import type { EventFields } from '../rules/event-fields.js'
import type { TextLeaf } from '../rules/match-tree.js'
import { textOperatorSource } from '../rules/text-pattern.js'
import { PatternSet } from './pattern-set.js'
import { isWholeText } from './rule-key.js'

/** A leaf that reaches a rule, and that rule's number. */
export interface IndexedLeaf {
  readonly leaf: TextLeaf
  readonly rule: number
}

/**
 * The leaves on one field that reach rules: whole texts by look-up, everything else in one linear pass over the bytes of
 * all views. May reach a rule whose leaf does not hold, never miss one whose leaf does.
 */
export class FieldIndex {
  readonly #field: string
  readonly #inSegment: boolean
  readonly #wholeTexts = new Map<string, number[]>()
  readonly #patterns: PatternSet | null
  readonly #rulesOfPatterns: Int32Array

  constructor(field: string, inSegment: boolean, leaves: readonly IndexedLeaf[]) {
    this.#field = field
    this.#inSegment = inSegment
    for (const { leaf, rule } of leaves) if (isWholeText(leaf)) this.#addWholeTexts(leaf, rule)
    const patterns = leaves.filter(({ leaf }) => !isWholeText(leaf))
    this.#rulesOfPatterns = Int32Array.from(patterns, ({ rule }) => rule)
    this.#patterns = patterns.length === 0 ? null : new PatternSet(patterns.map(({ leaf }) => setPattern(leaf)))
  }

  /** Calls `onRule` with the number of each rule that the event's views of this field reach; repeats are possible. */
  reach(fields: EventFields, onRule: (rule: number) => void): void {
    let length = 0
    if (!this.#inSegment) length = this.#readViews(fields.views(this.#field), length, onRule)
    else for (const segment of fields.segments) length = this.#readViews(segment.views(this.#field), length, onRule)
    if (this.#patterns === null || length === 0) return
    this.#patterns.match(scratch.subarray(0, length), (pattern) => onRule(this.#rulesOfPatterns[pattern]!))
  }

  #readViews(views: readonly View[], start: number, onRule: (rule: number) => void): number {
    let length = start
    for (const { text } of views) {
      if (this.#wholeTexts.size > 0) for (const rule of this.#wholeTexts.get(foldCase(text)) ?? NO_RULES) onRule(rule)
      if (this.#patterns !== null) length = appendLine(text, length)
    }
    return length
  }

  #addWholeTexts(leaf: TextLeaf, rule: number): void {
    for (const value of leaf.values) {
      const key = foldCase(value)
      const rules = this.#wholeTexts.get(key)
      if (rules === undefined) this.#wholeTexts.set(key, [rule])
      else rules.push(rule)
    }
  }
}

const NO_RULES: readonly number[] = []

function setPattern(leaf: TextLeaf): { source: string; cased: boolean } {
  return { source: textOperatorSource(leaf.operator, leaf.values), cased: leaf.cased }
}

const BEYOND_ASCII = /[^\0-\x7f]/

/** One text for all that RE2 takes for equal when it ignores case; upper case first joins letters such as ſ and s. */
function foldCase(text: string): string {
  return BEYOND_ASCII.test(text) ? text.toUpperCase().toLowerCase() : text.toLowerCase()
}

const NEWLINE = 10
let scratch = Buffer.alloc(65_536)

/** Writes one view as a line into the buffer that all passes share. */
function appendLine(text: string, start: number): number {
  const needed = start + text.length * 3 + 1
  if (needed > scratch.length) {
    const larger = Buffer.alloc(needed * 2)
    scratch.copy(larger, 0, 0, start)
    scratch = larger
  }
  const end = start + scratch.write(text, start, 'utf8')
  scratch[end] = NEWLINE
  return end + 1
}
