import { attackCatalogue } from '../../attack/attack-catalogue.js'
import type { ExplainedRule } from '../../engine/explain.js'
import type { CompiledRule } from '../../rules/compiled-rule.js'
import type { EventFields } from '../../rules/event-fields.js'
import type { LeafNode } from '../../rules/match-tree.js'
import type { Trace } from '../../rules/trace.js'

/** What `explain` found out about one event. */
export interface Explanation {
  readonly fields: EventFields
  readonly rules: readonly ExplainedRule[]
  /** The rule that was asked about; its trace is null where a lifter decides. */
  readonly why: { readonly rule: CompiledRule; readonly trace: Trace | null } | null
}

/** The explanation for machines, snake_case. */
export function explanationAsJson({ fields, rules, why }: Explanation): Record<string, unknown> {
  return {
    source_kind: fields.sourceKind,
    payload: fields.payload,
    views: fields.command === null ? null : commandAsJson(fields.command),
    rules: rules.map(ruleAsJson),
    ...(why === null ? {} : { why: { rule_id: why.rule.ruleId, trace: why.trace && traceAsJson(why.trace) } }),
  }
}

function commandAsJson(command: NonNullable<EventFields['command']>): Record<string, unknown> {
  return {
    typed: command.typed,
    plain: command.plain,
    segments: command.segments.map((segment) => ({
      index: segment.index,
      text: segment.text,
      image: segment.image,
      name: segment.name,
      argv: segment.argv,
      wrappers: segment.wrappers,
      writes: segment.writes,
      reads: segment.reads,
      piped_from: segment.pipedFrom,
      piped_to: segment.pipedTo,
      decoded_index: segment.decodedIndex,
      start: segment.start,
      end: segment.end,
    })),
    decoded: command.decoded,
    obfuscation: command.obfuscation,
    truncated: command.truncated,
  }
}

function ruleAsJson({ rule, matches, techniques }: ExplainedRule): Record<string, unknown> {
  const catalogue = attackCatalogue()
  return {
    rule_id: rule.ruleId,
    rule_version: rule.ruleVersion,
    name: rule.name,
    description: rule.description,
    state: rule.state.state,
    state_reason: rule.state.reason,
    matches,
    techniques: techniques.map(({ tactic, id, confidence }) => ({
      tactic,
      tactic_name: catalogue.tactic(tactic)?.name ?? null,
      technique_id: id,
      technique_name: catalogue.technique(id)?.name ?? null,
      confidence,
    })),
  }
}

function traceAsJson({ node, holds, parts, match }: Trace): Record<string, unknown> {
  if (node.kind === 'leaf') return { kind: 'leaf', condition: describeLeaf(node), holds, match }
  return { kind: node.kind, holds, parts: parts.map(traceAsJson) }
}

/** A leaf as a person would say it: `segment.name equals find`. */
export function describeLeaf(leaf: LeafNode): string {
  const field = leaf.inSegment ? `segment.${leaf.field}` : leaf.field
  switch (leaf.operator) {
    case 'exists':
      return `${field} ${leaf.present ? 'exists' : 'does not exist'}`
    case 'is':
      return `${field} is ${leaf.value}`
    case 'cidr':
      return `${field} in ${leaf.networks.join(' or ')}`
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return `${field} ${leaf.operator} ${leaf.bound}`
    default:
      return `${field} ${leaf.operator}${leaf.cased ? ' (cased)' : ''} ${leaf.values.map((value) => JSON.stringify(value)).join(' or ')}`
  }
}
