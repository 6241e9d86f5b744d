import type { RuleChange, RuleStore } from '../../rule-store/rule-store.js'
import { say } from '../terminal.js'
import { shownIssue } from './shown-issue.js'

/** Tells what is doubtful about a definition that is in force all the same, such as a version that was not raised. */
export function tellWarnings(store: RuleStore, change: RuleChange): void {
  if (change.kind !== 'definition') return
  for (const issue of store.issues()) {
    if (issue.severity === 'warning' && issue.ruleId === change.ruleId) say(shownIssue(issue))
  }
}
