import type { RuleSource } from '../../src/rules/compiled-rule.js'

/** Parts of a rule file that a test cares about; the rest is filled in. */
export interface RuleParts {
  readonly id?: string
  readonly version?: number
  readonly appliesTo?: string
  readonly match?: string
  readonly emits?: string
  readonly release?: string
  readonly extra?: string
}

/** A whole rule file. `match` is YAML in flow style. */
export function ruleText(parts: RuleParts = {}): string {
  const {
    id = 'T0001',
    version = 1,
    appliesTo = 'command',
    match = '{ field: command_text, contains: wget }',
    emits = '{ tactic: TA0011, technique_id: T1105, confidence: 0.9 }',
    release = 'enterprise-19.1',
    extra = '',
  } = parts
  return `rule_id: ${id}
rule_version: ${version}
name: test_rule
attack_release: ${release}
description: A rule of a test.
applies_to: [${appliesTo}]
match: ${match}
emits:
  - ${emits}
${extra}`
}

export function ruleSource(parts: RuleParts = {}, path = `${parts.id ?? 'T0001'}.yaml`): RuleSource {
  return { path, text: ruleText(parts) }
}
