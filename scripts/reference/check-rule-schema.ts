import { load } from 'js-yaml'
import type { RuleSource } from '../../src/rules/compiled-rule.js'
import { findSchemaFault } from './find-schema-fault.js'
import type { JsonSchema } from './rule-schema.js'

type Rule = Record<string, unknown>

/** What the schema must refuse in an otherwise good rule. */
const BREAKAGES: readonly ((rule: Rule) => Rule)[] = [
  (rule) => ({ ...rule, severity: 'high' }),
  ({ emits: _, ...rule }) => rule,
  (rule) => ({ ...rule, rule_version: 0 }),
  (rule) => ({ ...rule, applies_to: ['comand'] }),
  (rule) => ({ ...rule, emits: [{ tactic: 'TA0007', technique_id: 'T1083.001', confidence: 0.9 }] }),
  (rule) => ({ ...rule, match: { field: 'no_such_field', contains: 'x' } }),
  (rule) => ({ ...rule, match: { all: [] } }),
  (rule) => ({ ...rule, match: { all: [rule.match], any: [rule.match] } }),
  (rule) => ({ ...rule, match: { not: { segment: { segment: rule.match } } } }),
  (rule) => ({ ...rule, applies_to: ['payload'], match: { field: 'size', contains: '10' } }),
  (rule) => ({ ...rule, applies_to: ['payload'], match: { field: 'size', gt: 10, lt: 20 } }),
  (rule) => ({ ...rule, disabled: true }),
  (rule) => ({ ...rule, tests: { match: [7] } }),
]

/**
 * Holds the schema against the rules: it accepts each of them, and none with a breakage of the list above.
 *
 * @throws Error naming the first file and place that comes out otherwise
 */
export function checkRuleSchema(schema: JsonSchema, sources: readonly RuleSource[]): void {
  for (const source of sources) {
    const rule = load(source.text) as Rule
    const fault = findSchemaFault(schema, rule)
    if (fault !== null) throw new Error(`the schema refuses ${source.path}: ${fault}`)
    BREAKAGES.forEach((breakRule, index) => {
      if (findSchemaFault(schema, breakRule(rule)) !== null) return
      throw new Error(`the schema accepts ${source.path} with breakage ${index}`)
    })
  }
}
