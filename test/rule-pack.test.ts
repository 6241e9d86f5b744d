import { beforeAll, describe, expect, it } from 'vitest'
import { loadRuleset } from '../src/app.js'
import { RuleEngine } from '../src/engine/rule-engine.js'
import { LIFTERS } from '../src/lifters/lifters.js'
import { PRODUCERS } from '../src/pipeline/producers.js'
import type { RuleSample } from '../src/rules/compiled-rule.js'
import { missingInputs, noProducerIssues } from '../src/rules/missing-inputs.js'
import { formatRuleIssue } from '../src/rules/rule-issue.js'
import type { Ruleset } from '../src/rules/ruleset.js'
import { allEnabled } from './support/all-enabled.js'
import { recordingLog } from './support/recording-log.js'
import { fieldsOf, testContext, testEvent } from './support/tagging.js'

describe('the shipped rule pack', () => {
  let ruleset: Ruleset
  let samples: readonly RuleSample[]

  beforeAll(async () => {
    ruleset = (await loadRuleset()).ruleset
    samples = [...ruleset.rules.values()].flatMap((rule) => [...rule.samples.match, ...rule.samples.noMatch])
  })

  it('is judged through the index as its conditions say, on every sample of every rule', () => {
    const log = recordingLog()
    const engine = new RuleEngine(log)
    const enabled = allEnabled(ruleset)
    expect(samples.length).toBeGreaterThan(1000)
    for (const { sourceKind, payload } of samples) {
      const event = testEvent({ sourceKind, payload })
      const alone = enabled
        .ofKind(sourceKind)
        .filter(({ match }) => match.kind === 'condition' && match.condition.holds(fieldsOf(event)))
      const tagged = new Set(engine.tag(event, testContext(event, enabled)).map((tag) => tag.ruleId))
      expect([...tagged], JSON.stringify(payload)).toEqual(alone.map((rule) => rule.ruleId))
    }
    expect(log.lines).toEqual([])
  })

  it('enables no rule that nothing in this release can make fire', () => {
    const unfed = noProducerIssues(ruleset.rules.values(), { producers: PRODUCERS, lifters: LIFTERS })
    expect(unfed.map(formatRuleIssue)).toEqual([])
  })

  it('disables none that something in this release can make fire', () => {
    const disabled = [...ruleset.rules.values()].filter(({ state }) => state.state === 'disabled')
    for (const rule of disabled) {
      const missing = missingInputs(rule, { producers: PRODUCERS, lifters: LIFTERS })
      expect(missing, `${rule.ruleId} can fire: take \`disabled:\` out of its file`).not.toBeNull()
      for (const field of missing!.fields) expect(rule.state.reason).toContain(`${missing!.kind}.${field}`)
    }
  })
})
