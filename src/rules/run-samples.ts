import type { CompiledRule, RuleSample } from './compiled-rule.js'
import { EventFields, type NormaliseCommand } from './event-fields.js'
import { locatePath } from './locate.js'

/** One sample of a rule that came out otherwise than its file says. */
export interface SampleFailure {
  readonly ruleId: string
  readonly file: string
  readonly line: number
  readonly expected: 'match' | 'no_match'
  readonly sample: RuleSample
}

export interface SampleReport {
  readonly passed: number
  readonly failures: readonly SampleFailure[]
}

/** Runs the samples inside a rule against its condition. A rule of a lifter has none that could run here. */
export function runSamples(rule: CompiledRule, normalise: NormaliseCommand): SampleReport {
  if (rule.match.kind !== 'condition') return { passed: 0, failures: [] }
  const { condition } = rule.match
  const { match, noMatch } = rule.samples
  const holds = (sample: RuleSample) => condition.holds(new EventFields(sample, normalise))
  const missed = match.filter((sample) => !holds(sample)).map((sample) => failure(rule, 'match', sample))
  const misfired = noMatch.filter(holds).map((sample) => failure(rule, 'no_match', sample))
  const failures = [...missed, ...misfired]
  return { passed: match.length + noMatch.length - failures.length, failures }
}

function failure(rule: CompiledRule, expected: 'match' | 'no_match', sample: RuleSample): SampleFailure {
  const { line } = locatePath(rule.source.text, sample.path)
  return { ruleId: rule.ruleId, file: rule.source.path, line, expected, sample }
}
