import type { Config } from '../../config/config.js'
import type { RuleIssue } from '../../rules/rule-issue.js'
import type { Ruleset } from '../../rules/ruleset.js'
import { terminalSafe } from '../../text/terminal-safe.js'
import { CommandFailure } from '../failure.js'
import { say } from '../terminal.js'

/** Tells the first errors in rules, and that the other rules are used. */
export function tellRuleIssues(issues: readonly RuleIssue[]): void {
  const errors = issues.filter((issue) => issue.severity === 'error')
  if (errors.length === 0) return
  for (const { file, line, column, message } of errors.slice(0, 3)) {
    say(`error: ${terminalSafe(`${file}:${line}:${column} ${message}`)}`)
  }
  const count = errors.length === 1 ? '1 problem' : `${errors.length} problems`
  say(`error: ${count} in rules; the other rules are used. \`decnet-ttp rules validate\` tells all.`)
}

/** @throws CommandFailure where there is no rule to judge by, with what brings some */
export function requireRules({ rules }: Ruleset, config: Pick<Config, 'rule_store_type' | 'rules_dir'>): void {
  if (rules.size > 0) return
  throw new CommandFailure(
    config.rule_store_type === 'filesystem'
      ? `there is no rule in ${config.rules_dir}; rule files are named like my_rule.yaml`
      : 'there is no rule in the database; `decnet-ttp rules sync DIR` brings some',
  )
}
