import { attackCatalogue } from '../attack/attack-catalogue.js'
import { compileRule, type RuleContext } from './compile-rule.js'
import type { CompiledRule, RuleSource } from './compiled-rule.js'
import { locatePath } from './locate.js'
import type { RuleIssue } from './rule-issue.js'
import { Ruleset } from './ruleset.js'

export interface RulesetCompilation {
  readonly ruleset: Ruleset
  /** Everything that is wrong, in the order of files and lines. A rule with an error is not in the ruleset. */
  readonly issues: readonly RuleIssue[]
}

/** What a caller may leave to the defaults: the bundled ATT&CK release, no lifters, samples read, nothing checked before. */
export type RulesetOptions = Partial<RuleContext>

/** Compiles rule files into a ruleset. One bad file never keeps the others out. */
export function compileRuleset(sources: readonly RuleSource[], options: RulesetOptions = {}): RulesetCompilation {
  const { catalogue = attackCatalogue(), lifters = [], withSamples = true, checked = null } = options
  const context = { catalogue, lifters, withSamples, checked }
  const ordered = [...sources].sort((a, b) => (a.path < b.path ? -1 : 1))
  const issues: RuleIssue[] = []
  const rules = new Map<string, CompiledRule>()
  for (const source of ordered) {
    const compilation = compileRule(source, context)
    issues.push(...compilation.issues)
    const { rule } = compilation
    if (rule === null) continue
    const first = rules.get(rule.ruleId)
    if (first === undefined) rules.set(rule.ruleId, rule)
    else issues.push(duplicateIssue(rule, first))
  }
  return { ruleset: new Ruleset(rules.values(), catalogue.release), issues: inReadingOrder(issues) }
}

/** Says of a rule that an earlier file has its id. */
export function duplicateIssue(rule: CompiledRule, first: CompiledRule): RuleIssue {
  return {
    code: 'duplicate-rule-id',
    severity: 'error',
    ruleId: rule.ruleId,
    file: rule.source.path,
    ...locatePath(rule.source.text, ['rule_id']),
    message: `${rule.ruleId} stands in ${first.source.path} too; that one is used`,
    remedy: 'Give one of the two another rule_id, or delete it.',
  }
}

/** By file, line and column. */
export function inReadingOrder(issues: readonly RuleIssue[]): readonly RuleIssue[] {
  return [...issues].sort((a, b) =>
    a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1,
  )
}
