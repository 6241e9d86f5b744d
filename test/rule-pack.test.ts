import { beforeAll, describe, expect, it } from 'vitest'
import { loadRuleset } from '../src/app.js'
import { RuleEngine } from '../src/engine/rule-engine.js'
import type { RuleSample } from '../src/rules/compiled-rule.js'
import type { Ruleset } from '../src/rules/ruleset.js'
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
    expect(samples.length).toBeGreaterThan(1000)
    for (const { sourceKind, payload } of samples) {
      const event = testEvent({ sourceKind, payload })
      const alone = ruleset
        .ofKind(sourceKind)
        .filter(({ match }) => match.kind === 'condition' && match.condition.holds(fieldsOf(event)))
      const tagged = new Set(engine.tag(event, testContext(event, ruleset)).map((tag) => tag.ruleId))
      expect([...tagged], JSON.stringify(payload)).toEqual(alone.map((rule) => rule.ruleId))
    }
    expect(log.lines).toEqual([])
  })
})
