import type { EventProducer } from '../events/producer.js'
import type { CompiledRule } from './compiled-rule.js'
import { hasSource } from './field-sources.js'
import type { LifterSignature } from './lifter-signature.js'
import { locatePath } from './locate.js'
import type { LeafNode, MatchNode } from './match-tree.js'
import type { RuleIssue } from './rule-issue.js'

/** What keeps a rule from ever firing. */
export interface MissingInputs {
  readonly kind: string
  /** Fields that the rule needs and nothing gives; none where nothing gives events of the kind at all. */
  readonly fields: readonly string[]
}

/** What events are made by and judged by. */
export interface RuleSurroundings {
  readonly producers: readonly EventProducer[]
  readonly lifters: readonly LifterSignature[]
}

/**
 * What a rule lacks, from the kind and producer that give it most; null where the events of some producer can make it
 * fire. Looks at which fields there are, not at what stands in them, so a rule that it passes may still never fire.
 */
export function missingInputs(rule: CompiledRule, surroundings: RuleSurroundings): MissingInputs | null {
  const lacks = rule.appliesTo.flatMap((kind) => missingOfKind(rule, kind, surroundings))
  return lacks.reduce(nearer, lacks[0] ?? null)
}

/** A warning for a rule that nothing can make fire and that is not disabled; else null. */
export function noProducerIssue(rule: CompiledRule, surroundings: RuleSurroundings): RuleIssue | null {
  const missing = rule.state.state === 'disabled' ? null : missingInputs(rule, surroundings)
  if (missing === null) return null
  const { kind, fields } = missing
  const what = fields.length === 0 ? `events of the kind ${kind}` : fields.map((field) => `${kind}.${field}`).join(', ')
  return {
    code: 'no-producer',
    severity: 'warning',
    ruleId: rule.ruleId,
    file: rule.source.path,
    ...locatePath(rule.source.text, ['match']),
    message: `${rule.ruleId} cannot fire: no log format gives ${what}`,
    remedy:
      'Ship it with `disabled: <reason>`, or add a producer. Leave it if you give that yourself, in the format `events`.',
  }
}

/** The warning of each of some rules that has one. */
export function noProducerIssues(rules: Iterable<CompiledRule>, surroundings: RuleSurroundings): readonly RuleIssue[] {
  return [...rules].map((rule) => noProducerIssue(rule, surroundings)).filter((issue) => issue !== null)
}

/** What the rule lacks in the events of each producer of a kind; null for one that gives all. */
function missingOfKind(
  rule: CompiledRule,
  kind: string,
  { producers, lifters }: RuleSurroundings,
): readonly (MissingInputs | null)[] {
  const offers = producers.map(({ produces }) => (produces as Record<string, readonly string[]>)[kind])
  const given = offers.filter((fields) => fields !== undefined)
  if (given.length === 0) return [{ kind, fields: [] }]
  return given.map((fields) => {
    const isMissing = (field: string) => !hasSource(kind, fields, field)
    const missing = [...new Set(missingFields(rule, kind, lifters, isMissing))]
    return missing.length === 0 ? null : { kind, fields: missing }
  })
}

type IsMissing = (field: string) => boolean

function missingFields(
  { match }: CompiledRule,
  kind: string,
  lifters: readonly LifterSignature[],
  isMissing: IsMissing,
): readonly string[] {
  if (match.kind === 'condition') return missingInTree(match.condition.tree, isMissing)
  const lifter = lifters.find(({ name }) => name === match.lifter)
  return (lifter?.inputs[kind] ?? []).filter(isMissing)
}

/** Fields without which a condition cannot hold; none where it can. */
function missingInTree(node: MatchNode, isMissing: IsMissing): readonly string[] {
  switch (node.kind) {
    case 'all':
      return node.parts.flatMap((part) => missingInTree(part, isMissing))
    case 'any': {
      const parts = node.parts.map((part) => missingInTree(part, isMissing))
      return parts.some((fields) => fields.length === 0) ? [] : parts.flat()
    }
    case 'not':
      return []
    case 'segment':
      return missingInTree(node.part, isMissing)
    case 'leaf':
      return leafNeedsField(node) ? [neededField(node)].filter(isMissing) : []
  }
}

/** Absence is something that an event can always have. */
function leafNeedsField(leaf: LeafNode): boolean {
  return leaf.operator !== 'exists' || leaf.present
}

function neededField(leaf: LeafNode): string {
  return leaf.inSegment ? 'command_text' : leaf.field
}

/** Of two, what is nearer to being enough: nothing missing, then a kind that there is, then fewer fields. */
function nearer(a: MissingInputs | null, b: MissingInputs | null): MissingInputs | null {
  if (a === null || b === null) return null
  return distance(b) < distance(a) ? b : a
}

function distance({ fields }: MissingInputs): number {
  return fields.length === 0 ? Number.POSITIVE_INFINITY : fields.length
}
