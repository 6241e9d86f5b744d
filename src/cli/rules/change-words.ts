import type { RuleChange } from '../../rule-store/rule-store.js'
import { ruleStateRow } from '../../rules/rule-state-row.js'
import { stateInWords } from './state-words.js'

/** What a change tells a person, on one line; not yet safe to show. */
export function changeInWords(change: RuleChange): string {
  const seq = change.seq === null ? '' : `  #${change.seq}`
  switch (change.kind) {
    case 'definition':
      return `reloaded  ${change.ruleId} version ${change.rule.ruleVersion}${seq}`
    case 'removed':
      return `removed   ${change.ruleId}${seq}`
    case 'state':
      return `state     ${change.ruleId} ${stateInWords(change.state)}${seq}`
    case 'rejected': {
      const [first] = change.issues
      const place = first === undefined ? change.file : `${first.file}:${first.line}:${first.column} ${first.message}`
      return `rejected  ${change.ruleId ?? 'unknown rule'} ${place}`
    }
  }
}

/** The same for a machine. */
export function changeAsJson(change: RuleChange): Record<string, unknown> {
  const common = { kind: change.kind, rule_id: change.ruleId, seq: change.seq }
  switch (change.kind) {
    case 'definition':
    case 'removed':
      return { ...common, rule_version: change.rule.ruleVersion }
    case 'state':
      return { ...common, ...ruleStateRow(change.ruleId, change.state) }
    case 'rejected':
      return { ...common, file: change.file, issues: change.issues }
  }
}
