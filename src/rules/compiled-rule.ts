import type { Payload } from '../events/tagger-event.js'
import type { Condition } from './condition.js'
import type { DocumentPath } from './parse-match.js'
import type { RuleState } from './rule-state.js'

/** One technique that a rule states for each match. */
export interface Emission {
  readonly tactic: string
  readonly techniqueId: string
  readonly subTechniqueId: string | null
  readonly confidence: number
}

/** One sample inside a rule file. */
export interface RuleSample {
  readonly sourceKind: string
  readonly payload: Payload
  /** Where it stands in the rule's document. */
  readonly path: DocumentPath
}

export interface RuleSamples {
  readonly match: readonly RuleSample[]
  readonly noMatch: readonly RuleSample[]
}

/** What a rule looks at: a condition over one event, or a lifter with its parameters. */
export type RuleMatch =
  | { readonly kind: 'condition'; readonly condition: Condition }
  | { readonly kind: 'lifter'; readonly lifter: string; readonly parameters: Readonly<Record<string, unknown>> }

/** A rule definition, checked and compiled, with its state stamped on. Immutable. */
export interface CompiledRule {
  readonly ruleId: string
  readonly ruleVersion: number
  readonly name: string
  readonly description: string
  readonly appliesTo: readonly string[]
  readonly match: RuleMatch
  /** Ids of the bundled ATT&CK release, translated where the rule was written for an older one. */
  readonly emissions: readonly Emission[]
  /** Payload fields that evidence may quote; null for all that the source kind's evidence has room for. */
  readonly evidenceFields: ReadonlySet<string> | null
  readonly samples: RuleSamples
  /** The operator's; where none is set, what the file says. */
  readonly state: RuleState
  readonly source: RuleSource
}

/** A rule file's text and where it came from. */
export interface RuleSource {
  readonly path: string
  readonly text: string
}

/** The same rule with another state. */
export function withState(rule: CompiledRule, state: RuleState): CompiledRule {
  return Object.freeze({ ...rule, state })
}
