import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ruleSource } from '../../test/support/rule-text.js'
import { testContext, testEvent } from '../../test/support/tagging.js'
import { compileRuleset } from '../rules/compile-ruleset.js'
import { withState } from '../rules/compiled-rule.js'
import { DEFAULT_RULE_STATE, type RuleState } from '../rules/rule-state.js'
import { Ruleset } from '../rules/ruleset.js'
import { EvidenceShapeError } from './evidence-shape.js'
import { type Lifter, lifterTagger, type Observation } from './lifter.js'

/** A lifter as they all will be: says something once an attempt counter passes the rule's parameter. */
function countingLifter(answer: (attempts: number) => Observation | null, waits = false): Lifter {
  return {
    name: 'counting',
    handles: new Set(['credential']),
    inputs: { credential: ['attempts'] },
    parameters: z.strictObject({ least: z.number().int().min(1) }),
    basis: 'derived',
    lift(event, parameters) {
      const { attempts } = event.payload
      if (typeof attempts !== 'number' || attempts < (parameters.least as number)) return null
      const observation = answer(attempts)
      return waits ? Promise.resolve(observation) : observation
    },
  }
}

const seen = (attempts: number): Observation => ({ evidence: { attempts } })

function rulesetFor(lifter: Lifter, state: Partial<RuleState> = {}): Ruleset {
  const source = ruleSource({
    appliesTo: 'credential',
    match: '{ lifter: counting, least: 5 }',
    emits:
      '{ tactic: TA0006, technique_id: T1110, confidence: 0.8 }\n  - { tactic: TA0006, technique_id: T1110, sub_technique_id: T1110.001, confidence: 0.9 }',
  })
  const { ruleset, issues } = compileRuleset([source], { lifters: [lifter] })
  expect(issues).toEqual([])
  const rules = [...ruleset.rules.values()].map((rule) => withState(rule, { ...DEFAULT_RULE_STATE, ...state }))
  return new Ruleset(rules, ruleset.attackRelease)
}

const event = testEvent({ sourceKind: 'credential', payload: { attempts: 9 } })

async function tagsOf(lifter: Lifter, state: Partial<RuleState> = {}, subject = event) {
  return lifterTagger(lifter).tag(subject, testContext(subject, rulesetFor(lifter, state)))
}

describe('lifterTagger', () => {
  it.each([false, true])('makes one tag an emission, with the basis of the lifter (waiting: %s)', async (waits) => {
    const tags = await tagsOf(countingLifter(seen, waits))
    expect(tags.map((tag) => [tag.subTechniqueId, tag.confidence, tag.basis])).toEqual([
      [null, 0.8, 'derived'],
      ['T1110.001', 0.9, 'derived'],
    ])
    expect(tags[0]!.evidence).toEqual({ attempts: 9 })
  })

  it('says nothing where its data is absent or below its parameter', async () => {
    const few = testEvent({ sourceKind: 'credential', payload: { attempts: 4 } })
    const none = testEvent({ sourceKind: 'credential', payload: {} })
    expect(await tagsOf(countingLifter(seen), {}, few)).toEqual([])
    expect(await tagsOf(countingLifter(seen), {}, none)).toEqual([])
  })

  it('states only the emissions that the observation supports, scaled down', async () => {
    const lifter = countingLifter((attempts) => ({
      evidence: { attempts },
      multiplier: 0.5,
      supports: (emission) => emission.subTechniqueId !== null,
    }))
    const tags = await tagsOf(lifter)
    expect(tags.map((tag) => [tag.subTechniqueId, tag.confidence])).toEqual([['T1110.001', 0.45]])
  })

  it('is disabled and clipped like any other rule', async () => {
    expect(await tagsOf(countingLifter(seen), { state: 'disabled' })).toEqual([])
    const clipped = await tagsOf(countingLifter(seen), { state: 'clipped', confidenceMax: 0.5 })
    expect(clipped.map((tag) => tag.confidence)).toEqual([0.5, 0.5])
  })

  it('leaves no promise behind where one rule waits and the next throws', async () => {
    let calls = 0
    const lifter: Lifter = {
      ...countingLifter(seen),
      lift() {
        if (calls++ === 0) return Promise.reject(new Error('late'))
        throw new Error('at once')
      },
    }
    const rules = ['A', 'B'].map((id) =>
      ruleSource({
        id,
        appliesTo: 'credential',
        match: '{ lifter: counting, least: 5 }',
        emits: '{ tactic: TA0006, technique_id: T1110, confidence: 0.8 }',
      }),
    )
    const { ruleset } = compileRuleset(rules, { lifters: [lifter] })
    await expect(lifterTagger(lifter).tag(event, testContext(event, ruleset))).rejects.toThrow(/late|at once/)
  })

  it('refuses evidence that its kind has no room for, without quoting it', async () => {
    const leaky = countingLifter(() => ({ evidence: { password: 'hunter2' } }))
    const tags = tagsOf(leaky)
    await expect(tags).rejects.toThrow(EvidenceShapeError)
    await expect(tags).rejects.not.toThrow(/hunter2/)
  })
})

describe('compiling a rule of a lifter', () => {
  it.each([
    ['{ lifter: nobody }', 'unknown-lifter'],
    ['{ lifter: counting, least: 0 }', 'bad-lifter-parameter'],
    ['{ lifter: counting, least: 5, most: 9 }', 'bad-lifter-parameter'],
  ])('reports %s as %s', (match, code) => {
    const { issues } = compileRuleset([ruleSource({ appliesTo: 'credential', match })], {
      lifters: [countingLifter(seen)],
    })
    expect(issues.map((issue) => issue.code)).toEqual([code])
  })
})
