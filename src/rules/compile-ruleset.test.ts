import { describe, expect, it } from 'vitest'
import { ruleSource } from '../../test/support/rule-text.js'
import { compileRuleset } from './compile-ruleset.js'
import { formatRuleIssue } from './rule-issue.js'

describe('compileRuleset', () => {
  it('keeps the good rules beside a bad one', () => {
    const { ruleset, issues } = compileRuleset([
      ruleSource({ id: 'A' }),
      { path: 'b.yaml', text: '[' },
      ruleSource({ id: 'C' }),
    ])
    expect([...ruleset.rules.keys()]).toEqual(['A', 'C'])
    expect(issues.map((issue) => issue.file)).toEqual(['b.yaml'])
  })

  it('uses the first path of two rules with one id, and names both', () => {
    const { ruleset, issues } = compileRuleset([
      ruleSource({ version: 2 }, 'b.yaml'),
      ruleSource({ version: 1 }, 'a.yaml'),
    ])
    expect(ruleset.rules.get('T0001')!.source.path).toBe('a.yaml')
    expect(issues).toHaveLength(1)
    expect(formatRuleIssue(issues[0]!)).toMatch(/^b\.yaml:1:1 error \[duplicate-rule-id\] .*a\.yaml/)
  })

  it('gives the same ruleset in whatever order the files come', () => {
    const sources = ['C', 'A', 'B'].map((id) => ruleSource({ id }))
    const ids = (order: typeof sources) => [...compileRuleset(order).ruleset.rules.keys()]
    expect(ids(sources)).toEqual(ids([...sources].reverse()))
  })

  it('says which kinds the rules look at', () => {
    const { ruleset } = compileRuleset([
      ruleSource({ id: 'A' }),
      ruleSource({ id: 'B', appliesTo: 'payload', match: '{ field: url, contains: x }' }),
    ])
    expect([...ruleset.sourceKinds].sort()).toEqual(['command', 'payload'])
    expect(ruleset.ofKind('payload').map((rule) => rule.ruleId)).toEqual(['B'])
    expect(ruleset.ofKind('email')).toEqual([])
  })
})
