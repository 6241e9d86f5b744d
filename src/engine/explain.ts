import type { EvidenceMatch } from '../events/source-kinds.js'
import type { CompiledRule } from '../rules/compiled-rule.js'
import type { EventFields } from '../rules/event-fields.js'
import { findMatches } from '../rules/find-matches.js'
import type { Ruleset } from '../rules/ruleset.js'
import { type Trace, traceCondition } from '../rules/trace.js'
import { createFinding } from '../tagging/finding.js'

/** A technique that a rule states, with its settled confidence. */
export interface ExplainedTechnique {
  readonly tactic: string
  /** The most specific id: `T1059.004`. */
  readonly id: string
  /** Null where state or floor keeps the tag back. */
  readonly confidence: number | null
}

/** A rule whose condition holds, and where. */
export interface ExplainedRule {
  readonly rule: CompiledRule
  readonly matches: readonly EvidenceMatch[]
  readonly techniques: readonly ExplainedTechnique[]
}

/** Every rule whose condition holds for the event, in id order; disabled ones too, with nothing to state. */
export function explainEvent(ruleset: Ruleset, fields: EventFields): readonly ExplainedRule[] {
  const explained: ExplainedRule[] = []
  for (const rule of ruleset.ofKind(fields.sourceKind)) {
    if (rule.match.kind !== 'condition' || !rule.match.condition.holds(fields)) continue
    const matches = findMatches(rule.match.condition, fields)
    explained.push({ rule, matches, techniques: techniquesOf(rule) })
  }
  return explained
}

/** What each node of one rule's condition answers; null for a rule that a lifter decides. */
export function explainWhy(rule: CompiledRule, fields: EventFields): Trace | null {
  return rule.match.kind === 'condition' ? traceCondition(rule.match.condition, fields) : null
}

function techniquesOf(rule: CompiledRule): readonly ExplainedTechnique[] {
  const finding = createFinding(rule, { evidence: {}, basis: 'observed', multiplier: 1, emissions: null })
  return rule.emissions.map((emission) => ({
    tactic: emission.tactic,
    id: emission.subTechniqueId ?? emission.techniqueId,
    confidence: finding?.statements.find((statement) => statement.emission === emission)?.confidence ?? null,
  }))
}
