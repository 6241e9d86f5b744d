import { formatRuleIssue, type RuleIssue } from '../../rules/rule-issue.js'
import { terminalSafe } from '../../text/terminal-safe.js'

/** Rule files may come from anybody, so what they quote is made safe to show. */
export function shownIssue(issue: RuleIssue): string {
  return formatRuleIssue(issue).split('\n').map(terminalSafe).join('\n')
}
