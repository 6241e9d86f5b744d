import type { View } from '../events/view.js'
import type { CompiledRule } from '../rules/compiled-rule.js'
import type { Condition } from '../rules/condition.js'
import { type EventFields, segmentViews } from '../rules/event-fields.js'
import { isTextLeaf, type TextLeaf } from '../rules/match-tree.js'
import { textOperatorSource } from '../rules/text-pattern.js'
import { PatternSet } from './pattern-set.js'

interface IndexedRule {
  readonly rule: CompiledRule
  readonly condition: Condition
  /** Number of its first leaf among all leaves of the kind. */
  readonly base: number
}

/** All text leaves on one field, as one set of patterns. */
interface FieldSet {
  readonly field: string
  readonly inSegment: boolean
  readonly patterns: PatternSet
  /** Leaf number of each pattern. */
  readonly leaves: Int32Array
}

/**
 * The rules of one source kind, narrowed before they are asked: one pass over each field's bytes says which text leaves
 * may hold, and only rules with such a leaf, or without need of one, are evaluated.
 */
export class KindIndex {
  /** Payload fields that the rules' conditions look at, directly or through views. */
  readonly inputs: readonly string[]
  readonly #rules: readonly IndexedRule[]
  readonly #fieldSets: readonly FieldSet[]
  readonly #ruleOfLeaf: Int32Array
  readonly #flags: Uint8Array
  readonly #isCandidate: Uint8Array
  readonly #alwaysAsked: readonly number[]

  constructor(kind: string, rules: readonly CompiledRule[]) {
    this.#rules = numberLeaves(rules)
    const leafCount = this.#rules.reduce((count, { condition }) => count + condition.leafTests.length, 0)
    this.#flags = new Uint8Array(leafCount)
    this.#isCandidate = new Uint8Array(this.#rules.length)
    this.#ruleOfLeaf = ownersOfLeaves(this.#rules, leafCount)
    this.#fieldSets = buildFieldSets(this.#rules)
    this.#alwaysAsked = this.#rules.flatMap(({ condition }, number) => (condition.needsText ? [] : [number]))
    this.inputs = inputFields(kind, this.#rules)
  }

  /** Calls `onMatch` for each rule whose condition holds, in id order. */
  matching(fields: EventFields, onMatch: (rule: CompiledRule, condition: Condition) => void): void {
    const touched: number[] = []
    const candidates = [...this.#alwaysAsked]
    for (const number of candidates) this.#isCandidate[number] = 1
    for (const fieldSet of this.#fieldSets) this.#flagPossible(fieldSet, fields, touched, candidates)
    candidates.sort((a, b) => a - b)
    try {
      for (const number of candidates) {
        const { rule, condition, base } = this.#rules[number]!
        if (condition.holds(fields, { flags: this.#flags, base })) onMatch(rule, condition)
      }
    } finally {
      for (const leaf of touched) this.#flags[leaf] = 0
      for (const number of candidates) this.#isCandidate[number] = 0
    }
  }

  #flagPossible(fieldSet: FieldSet, fields: EventFields, touched: number[], candidates: number[]): void {
    const text = gatherText(fieldSet, fields)
    if (text === null) return
    fieldSet.patterns.match(text, (pattern) => {
      const leaf = fieldSet.leaves[pattern]!
      this.#flags[leaf] = 1
      touched.push(leaf)
      const rule = this.#ruleOfLeaf[leaf]!
      if (this.#isCandidate[rule] === 1) return
      this.#isCandidate[rule] = 1
      candidates.push(rule)
    })
  }
}

function numberLeaves(rules: readonly CompiledRule[]): readonly IndexedRule[] {
  const indexed: IndexedRule[] = []
  let base = 0
  for (const rule of rules) {
    if (rule.match.kind !== 'condition' || rule.state.state === 'disabled') continue
    const { condition } = rule.match
    indexed.push({ rule, condition, base })
    base += condition.leafTests.length
  }
  return indexed
}

function ownersOfLeaves(rules: readonly IndexedRule[], leafCount: number): Int32Array {
  const owners = new Int32Array(leafCount)
  rules.forEach(({ base, condition }, number) => owners.fill(number, base, base + condition.leafTests.length))
  return owners
}

function buildFieldSets(rules: readonly IndexedRule[]): readonly FieldSet[] {
  const byField = new Map<string, { leaf: TextLeaf; number: number }[]>()
  for (const { condition, base } of rules) {
    condition.leafTests.forEach(({ leaf }, offset) => {
      if (!isTextLeaf(leaf)) return
      const key = `${leaf.inSegment ? 'segment ' : ''}${leaf.field}`
      const entries = byField.get(key) ?? []
      entries.push({ leaf, number: base + offset })
      byField.set(key, entries)
    })
  }
  return [...byField.values()].map((entries) => {
    const { field, inSegment } = entries[0]!.leaf
    const patterns = new PatternSet(
      entries.map(({ leaf }) => ({ source: textOperatorSource(leaf.operator, leaf.values), cased: leaf.cased })),
    )
    return { field, inSegment, patterns, leaves: Int32Array.from(entries, ({ number }) => number) }
  })
}

/** Fields that are worked out from the command line count as the command line. */
function inputFields(kind: string, rules: readonly IndexedRule[]): readonly string[] {
  const fields = new Set<string>()
  for (const { condition } of rules) {
    for (const { leaf } of condition.leafTests) fields.add(leaf.inSegment ? 'command_text' : leaf.field)
  }
  if (kind === 'command') for (const derived of ['obfuscation', 'encodings', 'decoded']) fields.delete(derived)
  if (kind === 'command') fields.add('command_text')
  return [...fields]
}

let scratch = Buffer.alloc(65_536)

/** All views of a field, one a line, in a buffer that the next call reuses; null where there are none. */
function gatherText(fieldSet: FieldSet, fields: EventFields): Buffer | null {
  let length = 0
  if (!fieldSet.inSegment) length = appendViews(fields.views(fieldSet.field), length)
  else for (const segment of fields.segments) length = appendViews(segmentViews(segment, fieldSet.field), length)
  return length === 0 ? null : scratch.subarray(0, length)
}

function appendViews(views: readonly View[], start: number): number {
  let length = start
  for (const { text } of views) {
    reserve(length + text.length * 3 + 1, length)
    length += scratch.write(text, length, 'utf8')
    scratch[length++] = NEWLINE
  }
  return length
}

const NEWLINE = 10

function reserve(size: number, used: number): void {
  if (size <= scratch.length) return
  const larger = Buffer.alloc(size * 2)
  scratch.copy(larger, 0, 0, used)
  scratch = larger
}
