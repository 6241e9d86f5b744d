import type { CompiledRule } from '../rules/compiled-rule.js'
import { type Condition, LEAF, type PossibleLeaves } from '../rules/condition.js'
import type { EventFields } from '../rules/event-fields.js'
import { isTextLeaf, isWholeText, type LeafNode } from '../rules/match-tree.js'
import { FieldIndex } from './field-index.js'
import { ruleKey } from './rule-key.js'

interface IndexedCondition {
  readonly condition: Condition
  /** Number of its first leaf among all leaves of the layer. */
  readonly base: number
}

/** Hears what the conditions say of one event. */
export interface LayerObserver {
  /** The condition of that number holds. */
  onMatch(number: number, condition: Condition, possible: PossibleLeaves): void
  /** It could not be asked to the end: RE2 refuses a pattern past its memory budget. */
  onFailure(number: number, error: unknown): void
}

/**
 * The conditions of many rules, narrowed before they are asked. One pass over the views says which leaves are possible:
 * those whose required literals stand somewhere in the event. A condition is asked only if a leaf of its key is possible,
 * and asks only its possible leaves. So cost follows the length of the event and what it speaks of, not the number of
 * rules.
 */
export class RuleLayer {
  /** Every leaf of every condition. */
  readonly leaves: readonly LeafNode[]
  readonly #conditions: readonly IndexedCondition[]
  readonly #numbers: ReadonlyMap<Condition, number>
  /** Conditions that every event asks, since nothing that can be looked for reaches them. */
  readonly #alwaysAsked: readonly number[]
  /** Condition that a leaf reaches, or -1. */
  readonly #reaches: Int32Array
  /** What is known of each leaf while nothing was looked for. */
  readonly #atRest: Uint8Array
  /** What is known of each leaf for the event at hand. */
  readonly #flags: Uint8Array
  readonly #isReached: Uint8Array
  readonly #fields: readonly FieldIndex[]

  constructor(conditions: readonly Condition[]) {
    this.#conditions = numberLeaves(conditions)
    this.#numbers = new Map(conditions.map((condition, number) => [condition, number]))
    this.leaves = conditions.flatMap((condition) => condition.leafTests.map((test) => test.leaf))
    const literals = conditions.flatMap((condition) =>
      condition.leafTests.map((_test, number) => condition.requiredLiterals(number)),
    )
    const lookUp = indexLeaves(this.leaves, literals)
    this.#fields = lookUp.fields
    this.#atRest = lookUp.atRest
    this.#flags = Uint8Array.from(lookUp.atRest)
    this.#isReached = new Uint8Array(conditions.length)
    const { reaches, alwaysAsked } = reachConditions(this.#conditions, this.leaves, lookUp)
    this.#reaches = reaches
    this.#alwaysAsked = alwaysAsked
  }

  get size(): number {
    return this.#conditions.length
  }

  /** Number of a condition in this layer, if it is there. */
  numberOf(condition: Condition): number | undefined {
    return this.#numbers.get(condition)
  }

  /**
   * Tells of each condition that holds, in their order. One that throws keeps no other from it.
   *
   * @param rules by number; conditions whose rule is null are not asked
   */
  matching(fields: EventFields, rules: readonly (CompiledRule | null)[], { onMatch, onFailure }: LayerObserver): void {
    const flags = this.#flags
    const changed: number[] = []
    const reached = [...this.#alwaysAsked]
    try {
      this.#lookForLeaves(fields, changed, reached)
      reached.sort((a, b) => a - b)
      for (const number of reached) {
        if (rules[number] === null) continue
        const { condition, base } = this.#conditions[number]!
        const possible = { flags, base, changed }
        try {
          if (condition.holds(fields, possible)) onMatch(number, condition, possible)
        } catch (error) {
          onFailure(number, error)
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
      const number = this.#reaches[leaf]!
      if (number < 0 || this.#isReached[number] === 1) return
      this.#isReached[number] = 1
      reached.push(number)
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

function indexLeaves(leaves: readonly LeafNode[], literalsOf: readonly (readonly string[] | null)[]): LeafLookUp {
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
      const literals = literalsOf[number]
      if (literals == null) return
      fieldOf(leaf).addLiterals(literals, number)
      costs[number] = literals.reduce((sum, literal) => sum + 24 / literal.length, 0)
    }
    atRest[number] = LEAF.impossible
  })
  return { fields: [...fields.values()], atRest, costs }
}

function numberLeaves(conditions: readonly Condition[]): readonly IndexedCondition[] {
  let base = 0
  return conditions.map((condition) => {
    const indexed = { condition, base }
    base += condition.leafTests.length
    return indexed
  })
}

function reachConditions(
  conditions: readonly IndexedCondition[],
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
  conditions.forEach(({ condition }, number) => {
    const key = ruleKey(condition.tree, costOf)
    if (key === null) alwaysAsked.push(number)
    for (const leaf of key ?? []) reaches[numberOf.get(leaf)!] = number
  })
  return { reaches, alwaysAsked }
}
