import { count } from '../observability/metrics.js'
import { describeSpan, withSpan } from '../observability/tracing.js'
import { compileRule, type RuleCompilation, type RuleContext } from '../rules/compile-rule.js'
import type { RuleSource } from '../rules/compiled-rule.js'

/** Compiles one definition that a running store was given, with spans and a count around it. */
export function ingestRule(source: RuleSource, context: RuleContext): RuleCompilation {
  const compilation = compileRule(source, { ...context, stage: (stage, run) => withSpan(`ttp.rule.${stage}`, {}, run) })
  describeSpan({
    'ttp.rule.id': compilation.rule?.ruleId ?? 'unknown',
    'ttp.rule.issues': compilation.issues.length,
  })
  count('ttp.rule.compiled', { result: compilation.rule === null ? 'rejected' : 'accepted' })
  return compilation
}
