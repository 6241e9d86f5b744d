import { withState } from '../../src/rules/compiled-rule.js'
import { DEFAULT_RULE_STATE } from '../../src/rules/rule-state.js'
import type { Ruleset } from '../../src/rules/ruleset.js'

/** The same rules, each of them enabled: those too that their files disable. */
export function allEnabled(ruleset: Ruleset): Ruleset {
  const disabled = [...ruleset.rules.values()].filter(({ state }) => state.state === 'disabled')
  return ruleset.with(new Map(disabled.map((rule) => [rule.ruleId, withState(rule, DEFAULT_RULE_STATE)])))
}
