import type { CompiledRule } from '../rules/compiled-rule.js'
import type { Condition, PossibleLeaves } from '../rules/condition.js'
import type { EventFields } from '../rules/event-fields.js'
import type { LeafNode } from '../rules/match-tree.js'
import { RuleLayer } from './rule-layer.js'

/** Hears what the rules of a kind say of one event. */
export interface MatchObserver {
  onMatch(rule: CompiledRule, condition: Condition, possible: PossibleLeaves): void
  /** The rule could not be asked to the end: RE2 refuses a pattern past its memory budget. */
  onFailure(rule: CompiledRule, error: unknown): void
}

/** Changed rules that may lie on top before everything is laid out anew: so many, or this share of all. */
const MOST_ON_TOP = 64
const SHARE_ON_TOP = 1 / 4

/**
 * The rules of one source kind. Most lie in one layer that was built once; what changed since lies on top of it, so that a
 * change costs what it holds, not what all rules hold. A change of state alone builds nothing.
 */
export class KindIndex {
  /** Payload fields that the rules' conditions look at, directly or through views. */
  readonly inputs: readonly string[]
  readonly #kind: string
  readonly #layers: readonly LaidRules[]

  private constructor(kind: string, layers: readonly LaidRules[]) {
    this.#kind = kind
    this.#layers = layers
    this.inputs = inputFields(
      kind,
      layers.flatMap(({ layer }) => layer.leaves),
    )
  }

  static of(kind: string, rules: readonly CompiledRule[]): KindIndex {
    const conditions = rules.map(conditionOf).filter((condition) => condition !== null)
    return new KindIndex(kind, [layOut(new RuleLayer(conditions), rules)])
  }

  /** The index after a change: of all rules of the kind as they are then. What did not change is shared. */
  with(rules: readonly CompiledRule[]): KindIndex {
    const [bottom, top] = this.#layers as [LaidRules, LaidRules | undefined]
    const onTop = rules.map(conditionOf).filter((condition) => condition !== null && !isIn(bottom.layer, condition))
    const isOvergrown = onTop.length > Math.max(MOST_ON_TOP, rules.length * SHARE_ON_TOP)
    if (isOvergrown || rules.length < bottom.layer.size / 2) return KindIndex.of(this.#kind, rules)
    const layers = [layOut(bottom.layer, rules)]
    if (onTop.length > 0) {
      const conditions = onTop as readonly Condition[]
      const isSame =
        top !== undefined &&
        top.layer.size === conditions.length &&
        conditions.every((condition) => isIn(top.layer, condition))
      layers.push(layOut(isSame ? top.layer : new RuleLayer(conditions), rules))
    }
    return new KindIndex(this.#kind, layers)
  }

  /** Calls `onMatch` for each rule whose condition holds, in id order. A rule that throws keeps no other from it. */
  matching(fields: EventFields, observer: MatchObserver): void {
    const [bottom, top] = this.#layers
    if (top === undefined) ask(bottom!, fields, observer)
    else {
      inIdOrder(observer, (gathering) => {
        for (const laid of this.#layers) ask(laid, fields, gathering)
      })
    }
  }
}

/** A layer, and the rule of each of its conditions: null where it was changed, removed or disabled since. */
interface LaidRules {
  readonly layer: RuleLayer
  readonly rules: readonly (CompiledRule | null)[]
}

function conditionOf({ match }: CompiledRule): Condition | null {
  return match.kind === 'condition' ? match.condition : null
}

function isIn(layer: RuleLayer, condition: Condition): boolean {
  return layer.numberOf(condition) !== undefined
}

function layOut(layer: RuleLayer, rules: readonly CompiledRule[]): LaidRules {
  const laid = new Array<CompiledRule | null>(layer.size).fill(null)
  for (const rule of rules) {
    const condition = conditionOf(rule)
    const number = condition === null ? undefined : layer.numberOf(condition)
    if (number !== undefined && rule.state.state !== 'disabled') laid[number] = rule
  }
  return { layer, rules: laid }
}

function ask({ layer, rules }: LaidRules, fields: EventFields, { onMatch, onFailure }: MatchObserver): void {
  layer.matching(fields, rules, {
    onMatch: (number, condition, possible) => onMatch(rules[number]!, condition, possible),
    onFailure: (number, error) => onFailure(rules[number]!, error),
  })
}

/** Holds back what several layers say until all have spoken. What is possible must be read before its layer moves on. */
function inIdOrder(observer: MatchObserver, askAll: (gathering: MatchObserver) => void): void {
  const said: { readonly rule: CompiledRule; readonly say: () => void }[] = []
  askAll({
    onMatch(rule, condition, { flags, base }) {
      const possible = { flags: flags.slice(base, base + condition.leafTests.length), base: 0, changed: [] }
      said.push({ rule, say: () => observer.onMatch(rule, condition, possible) })
    },
    onFailure: observer.onFailure,
  })
  said.sort((a, b) => (a.rule.ruleId < b.rule.ruleId ? -1 : 1))
  for (const { rule, say } of said) {
    try {
      say()
    } catch (error) {
      observer.onFailure(rule, error)
    }
  }
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
