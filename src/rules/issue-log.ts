import type { RuleSource } from './compiled-rule.js'
import { locatePath } from './locate.js'
import type { DocumentPath } from './parse-match.js'
import type { RuleIssue, RuleIssueCode, Severity } from './rule-issue.js'

export interface Problem {
  readonly code: RuleIssueCode
  readonly message: string
  readonly remedy: string
  readonly severity?: Severity
}

/** Gathers the problems of one rule file and gives each its place in the text. */
export class IssueLog {
  readonly issues: RuleIssue[] = []
  ruleId: string | null = null
  readonly #source: RuleSource

  constructor(source: RuleSource) {
    this.#source = source
  }

  get hasErrors(): boolean {
    return this.issues.some((issue) => issue.severity === 'error')
  }

  /** Reports a problem with the value at a path of the document. */
  report(path: DocumentPath, problem: Problem): void {
    this.reportAt(locatePath(this.#source.text, path), problem)
  }

  /** Reports a problem at a known place. */
  reportAt(place: { readonly line: number; readonly column: number }, problem: Problem): void {
    const { code, message, remedy, severity = 'error' } = problem
    this.issues.push({ code, severity, ruleId: this.ruleId, file: this.#source.path, ...place, message, remedy })
  }
}
