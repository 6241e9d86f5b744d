import type { CompiledRule } from '../rules/compiled-rule.js'
import { type Condition, LEAF, type PossibleLeaves } from '../rules/condition.js'
import type { EventFields } from '../rules/event-fields.js'
import { isTextLeaf, isWholeText, type LeafNode } from '../rules/match-tree.js'
import { requiredLiterals } from '../rules/required-literals.js'
import { FieldIndex } from './field-index.js'
import { ruleKey } from './rule-key.js'

interface IndexedRule {
  readonly rule: CompiledRule
  readonly condition: Condition
  /** Number of its first leaf among all leaves of the kind. */
  readonly base: number
}

/** Hears what the rules of a kind say of one event. */
export interface MatchObserver {
  onMatch(rule: CompiledRule, condition: Condition, possible: PossibleLeaves): void
  /** The rule could not be asked to the end: RE2 refuses a pattern past its memory budget. */
  onFailure(rule: CompiledRule, error: unknown): void
}

/**
 * The rules of one source kind, narrowed before they are asked. One pass over the views says which leaves are possible:
 * those whose required literals stand somewhere in the event. A rule is asked only if a leaf of its key is possible, and
 * asks only its possible leaves. So cost follows the length of the event and what it speaks of, not the number of rules.
 */
export class KindIndex {
  /** Payload fields that the rules' conditions look at, directly or through views. */
  readonly inputs: readonly string[]
  readonly #rules: readonly IndexedRule[]
  /** Rules that every event asks, since nothing that can be looked for reaches them. */
  readonly #alwaysAsked: readonly number[]
  /** Rule that a leaf reaches, or -1. */
  readonly #reaches: Int32Array
  /** What is known of each leaf while nothing was looked for. */
  readonly #atRest: Uint8Array
  /** What is known of each leaf for the event at hand. */
  readonly #flags: Uint8Array
  readonly #isReached: Uint8Array
  readonly #fields: readonly FieldIndex[]

  constructor(kind: string, rules: readonly CompiledRule[]) {
    this.#rules = numberLeaves(rules)
    const leaves = this.#rules.flatMap(({ condition }) => condition.leafTests.map((test) => test.leaf))
    const lookUp = indexLeaves(leaves)
    this.#fields = lookUp.fields
    this.#atRest = lookUp.atRest
    this.#flags = Uint8Array.from(lookUp.atRest)
    this.#isReached = new Uint8Array(this.#rules.length)
    const { reaches, alwaysAsked } = reachRules(this.#rules, leaves, lookUp)
    this.#reaches = reaches
    this.#alwaysAsked = alwaysAsked
    this.inputs = inputFields(kind, leaves)
  }

  /** Calls `onMatch` for each rule whose condition holds, in id order. A rule that throws keeps no other from it. */
  matching(fields: EventFields, { onMatch, onFailure }: MatchObserver): void {
    const flags = this.#flags
    const changed: number[] = []
    const reached = [...this.#alwaysAsked]
    try {
      this.#lookForLeaves(fields, changed, reached)
      reached.sort((a, b) => a - b)
      for (const number of reached) {
        const { rule, condition, base } = this.#rules[number]!
        const possible = { flags, base, changed }
        try {
          if (condition.holds(fields, possible)) onMatch(rule, condition, possible)
        } catch (error) {
          onFailure(rule, error)
        }
      }
    } finally {
      for (const leaf of changed) flags[leaf] = this.#atRest[leaf]!
      for (const number of reached) this.#isReached[number] = 0
    }
  }

  #lookForLeaves(fields: EventFields, changed: number[], reached: number[]): void {
    const flags = this.#flags
    const onLeaf = (leaf: number) => {
      if (flags[leaf] === LEAF.possible) return
      flags[leaf] = LEAF.possible
      changed.push(leaf)
      const rule = this.#reaches[leaf]!
      if (rule < 0 || this.#isReached[rule] === 1) return
      this.#isReached[rule] = 1
      reached.push(rule)
    }
    for (const field of this.#fields) field.look(fields, onLeaf)
  }
}

interface LeafLookUp {
  readonly fields: readonly FieldIndex[]
  /** Impossible for leaves that looking decides, possible for all others. */
  readonly atRest: Uint8Array
  /** How often a leaf is likely to be possible by chance, by leaf number; for leaves that looking decides. */
  readonly costs: Float64Array
}

function indexLeaves(leaves: readonly LeafNode[]): LeafLookUp {
  const atRest = new Uint8Array(leaves.length).fill(LEAF.possible)
  const costs = new Float64Array(leaves.length)
  const fields = new Map<string, FieldIndex>()
  const fieldOf = (leaf: LeafNode) => {
    const place = `${leaf.inSegment} ${leaf.field}`
    const field = fields.get(place) ?? new FieldIndex(leaf.field, leaf.inSegment)
    fields.set(place, field)
    return field
  }
  leaves.forEach((leaf, number) => {
    if (!isTextLeaf(leaf)) return
    if (isWholeText(leaf)) {
      fieldOf(leaf).addWholeTexts(leaf.values, number)
      costs[number] = leaf.values.length
    } else {
      const literals = requiredLiterals(leaf)
      if (literals === null) return
      fieldOf(leaf).addLiterals(literals, number)
      costs[number] = literals.reduce((sum, literal) => sum + 24 / literal.length, 0)
    }
    atRest[number] = LEAF.impossible
  })
  return { fields: [...fields.values()], atRest, costs }
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

function reachRules(
  rules: readonly IndexedRule[],
  leaves: readonly LeafNode[],
  { atRest, costs }: LeafLookUp,
): { readonly reaches: Int32Array; readonly alwaysAsked: readonly number[] } {
  const numberOf = new Map(leaves.map((leaf, number) => [leaf, number]))
  const costOf = (leaf: LeafNode) => {
    const number = numberOf.get(leaf)!
    return atRest[number] === LEAF.possible ? null : costs[number]!
  }
  const reaches = new Int32Array(leaves.length).fill(-1)
  const alwaysAsked: number[] = []
  rules.forEach(({ condition }, rule) => {
    const key = ruleKey(condition.tree, costOf)
    if (key === null) alwaysAsked.push(rule)
    for (const leaf of key ?? []) reaches[numberOf.get(leaf)!] = rule
  })
  return { reaches, alwaysAsked }
}

/** Fields that are worked out from the command line count as the command line. */
function inputFields(kind: string, leaves: readonly LeafNode[]): readonly string[] {
  const fields = new Set(leaves.map((leaf) => (leaf.inSegment ? 'command_text' : leaf.field)))
  if (kind === 'command') {
    for (const derived of ['obfuscation', 'encodings', 'decoded']) fields.delete(derived)
    fields.add('command_text')
  }
  return [...fields]
}
