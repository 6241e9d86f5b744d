/** What can be wrong with a rule, as a closed set; each has a fixed meaning and remedy in the rule reference. */
export type RuleIssueCode =
  | 'file-name'
  | 'unreadable'
  | 'yaml-syntax'
  | 'yaml-shape'
  | 'missing-key'
  | 'unknown-key'
  | 'wrong-type'
  | 'bad-value'
  | 'unknown-source-kind'
  | 'unknown-field'
  | 'unknown-operator'
  | 'operator-mismatch'
  | 'bad-pattern'
  | 'unknown-lifter'
  | 'bad-lifter-parameter'
  | 'unknown-technique'
  | 'revoked-technique'
  | 'deprecated-technique'
  | 'unknown-tactic'
  | 'tactic-mismatch'
  | 'parent-mismatch'
  | 'repeated-technique'
  | 'duplicate-rule-id'
  | 'version-unchanged'
  | 'release-translated'
  | 'release-untranslatable'
  | 'test-shape'
  | 'no-producer'

export type Severity = 'error' | 'warning'

/** One problem of one rule: what is wrong, where, and what to do. Line and column count from 1. */
export interface RuleIssue {
  readonly code: RuleIssueCode
  readonly severity: Severity
  readonly ruleId: string | null
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
  readonly remedy: string
}

/** `FILE:LINE:COLUMN severity code message`, then the remedy on a line of its own. */
export function formatRuleIssue(issue: RuleIssue): string {
  const place = `${issue.file}:${issue.line}:${issue.column}`
  return `${place} ${issue.severity} [${issue.code}] ${issue.message}\n    ${issue.remedy}`
}
