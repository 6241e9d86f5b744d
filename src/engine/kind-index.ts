import type { CompiledRule } from '../rules/compiled-rule.js'
import type { Condition } from '../rules/condition.js'
import type { EventFields } from '../rules/event-fields.js'
import { FieldIndex, type IndexedLeaf } from './field-index.js'
import { ruleKey } from './rule-key.js'

interface IndexedRule {
  readonly rule: CompiledRule
  readonly condition: Condition
}

/**
 * The rules of one source kind, narrowed before they are asked: each is reached through the leaves of its key, so cost
 * follows the length of the event and the rules that it reaches, not the number of rules.
 */
export class KindIndex {
  /** Payload fields that the rules' conditions look at, directly or through views. */
  readonly inputs: readonly string[]
  readonly #rules: readonly IndexedRule[]
  readonly #fields: readonly FieldIndex[]
  /** Rules that may hold without any text, so every event asks them. */
  readonly #alwaysAsked: readonly number[]
  readonly #isReached: Uint8Array

  constructor(kind: string, rules: readonly CompiledRule[]) {
    this.#rules = liveConditions(rules)
    this.#isReached = new Uint8Array(this.#rules.length)
    const { fields, keyless } = indexRules(this.#rules)
    this.#fields = fields
    this.#alwaysAsked = keyless
    this.inputs = inputFields(kind, this.#rules)
  }

  /** Calls `onMatch` for each rule whose condition holds, in id order. */
  matching(fields: EventFields, onMatch: (rule: CompiledRule, condition: Condition) => void): void {
    const reached = [...this.#alwaysAsked]
    const isReached = this.#isReached
    const reach = (rule: number) => {
      if (isReached[rule] === 1) return
      isReached[rule] = 1
      reached.push(rule)
    }
    for (const field of this.#fields) field.reach(fields, reach)
    for (const number of reached) isReached[number] = 0
    reached.sort((a, b) => a - b)
    for (const number of reached) {
      const { rule, condition } = this.#rules[number]!
      if (condition.holds(fields)) onMatch(rule, condition)
    }
  }
}

function liveConditions(rules: readonly CompiledRule[]): readonly IndexedRule[] {
  return rules.flatMap((rule) =>
    rule.match.kind === 'condition' && rule.state.state !== 'disabled'
      ? [{ rule, condition: rule.match.condition }]
      : [],
  )
}

function indexRules(rules: readonly IndexedRule[]): { fields: readonly FieldIndex[]; keyless: readonly number[] } {
  const leavesOf = new Map<string, IndexedLeaf[]>()
  const keyless: number[] = []
  rules.forEach(({ condition }, rule) => {
    const key = ruleKey(condition.tree)
    if (key === null) keyless.push(rule)
    for (const leaf of key ?? []) {
      const place = `${leaf.inSegment ? 'segment ' : ''}${leaf.field}`
      const leaves = leavesOf.get(place)
      if (leaves === undefined) leavesOf.set(place, [{ leaf, rule }])
      else leaves.push({ leaf, rule })
    }
  })
  const fields = [...leavesOf.values()].map((leaves) => {
    const { field, inSegment } = leaves[0]!.leaf
    return new FieldIndex(field, inSegment, leaves)
  })
  return { fields, keyless }
}

/** Fields that are worked out from the command line count as the command line. */
function inputFields(kind: string, rules: readonly IndexedRule[]): readonly string[] {
  const fields = new Set<string>()
  for (const { condition } of rules) {
    for (const { leaf } of condition.leafTests) fields.add(leaf.inSegment ? 'command_text' : leaf.field)
  }
  if (kind === 'command') {
    for (const derived of ['obfuscation', 'encodings', 'decoded']) fields.delete(derived)
    fields.add('command_text')
  }
  return [...fields]
}
