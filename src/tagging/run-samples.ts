import { DigestSet } from '../collections/digest-set.js'
import { createEvent } from '../events/create-event.js'
import { NO_GEOGRAPHY } from '../geography/geography.js'
import type { CompiledRule, RuleSample } from '../rules/compiled-rule.js'
import { EventFields, type NormaliseCommand } from '../rules/event-fields.js'
import { locatePath } from '../rules/locate.js'
import { DEFAULT_RULE_STATE } from '../rules/rule-state.js'
import { Ruleset } from '../rules/ruleset.js'
import { createFinding } from './finding.js'
import type { Lifter, Observation } from './lifter.js'
import type { Basis } from './tag.js'

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

/** What samples are judged with. */
export interface SampleParts {
  readonly normalise: NormaliseCommand
  readonly lifters: readonly Lifter[]
}

/** What counts as malware in samples: the file by which scanners are tried out (eicar.com). */
export const TEST_MALWARE = new DigestSet(['275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f'])

const NEVER_ABORTED = new AbortController().signal

/** Runs the samples inside a rule against its condition, or its lifter. Rejects where a lifter throws. */
export async function runSamples(rule: CompiledRule, parts: SampleParts): Promise<SampleReport> {
  const failures: SampleFailure[] = []
  const { match, noMatch } = rule.samples
  for (const sample of match) if (!(await holds(rule, sample, parts))) failures.push(failure(rule, 'match', sample))
  for (const sample of noMatch) if (await holds(rule, sample, parts)) failures.push(failure(rule, 'no_match', sample))
  return { passed: match.length + noMatch.length - failures.length, failures }
}

async function holds(rule: CompiledRule, sample: RuleSample, parts: SampleParts): Promise<boolean> {
  const { match } = rule
  const fields = new EventFields(sample, parts.normalise)
  if (match.kind === 'condition') return match.condition.holds(fields)
  const lifter = parts.lifters.find(({ name }) => name === match.lifter)
  if (lifter === undefined) return false
  const context = {
    ruleset: new Ruleset([], ''),
    signal: NEVER_ABORTED,
    fields,
    geography: NO_GEOGRAPHY,
    malware: TEST_MALWARE,
  }
  const observation = await lifter.lift(sampleEvent(sample), match.parameters, context)
  return observation !== null && statesAnything({ ...rule, state: DEFAULT_RULE_STATE }, observation, lifter.basis)
}

/** What is below the floor of confidence, or no technique of the rule, states nothing. */
function statesAnything(rule: CompiledRule, observation: Observation, basis: Basis): boolean {
  const { evidence, multiplier = 1, supports, others = [] } = observation
  const emissions = supports ? rule.emissions.filter(supports) : null
  if (createFinding(rule, { evidence, multiplier, emissions, basis }) !== null) return true
  return others.some((other) => statesAnything(rule, other, basis))
}

function sampleEvent({ sourceKind, payload }: RuleSample) {
  const place = { sourceIp: '192.0.2.1', sessionId: 'sample', deckyId: 'sample' }
  return createEvent({ sourceKind, payload, observedAt: new Date(0), ...place })
}

function failure(rule: CompiledRule, expected: 'match' | 'no_match', sample: RuleSample): SampleFailure {
  const { line } = locatePath(rule.source.text, sample.path)
  return { ruleId: rule.ruleId, file: rule.source.path, line, expected, sample }
}
