import { describe, expect, it } from 'vitest'
import { ruleSource } from '../../test/support/rule-text.js'
import { attackCatalogue } from '../attack/attack-catalogue.js'
import { compileRule } from './compile-rule.js'
import { withState } from './compiled-rule.js'
import { DEFAULT_RULE_STATE } from './rule-state.js'
import { Ruleset } from './ruleset.js'

const context = { catalogue: attackCatalogue(), lifters: [], withSamples: false, checked: null }
const compile = (id: string, appliesTo = 'command', version = 1) => {
  const match = appliesTo === 'command' ? '{ field: command_text, contains: x }' : '{ field: path, contains: x }'
  return compileRule(ruleSource({ id, appliesTo, match, version }), context).rule!
}
const RELEASE = 'enterprise-19.1'

describe('Ruleset', () => {
  it('makes a new snapshot of a change and leaves the old one as it was', () => {
    const before = new Ruleset([compile('A'), compile('B')], RELEASE)
    const after = before.with(
      new Map([
        ['A', null],
        ['C', compile('C')],
      ]),
    )
    expect([[...before.rules.keys()], [...after.rules.keys()]]).toEqual([
      ['A', 'B'],
      ['B', 'C'],
    ])
  })

  it('shares the list of a kind that a change did not touch', () => {
    const before = new Ruleset([compile('A'), compile('B', 'http_request')], RELEASE)
    const after = before.with(new Map([['A', compile('A', 'command', 2)]]))
    expect(after.ofKind('http_request')).toBe(before.ofKind('http_request'))
    expect(after.ofKind('command')).not.toBe(before.ofKind('command'))
  })

  it('has one hash for the same definitions and states, whatever their order and whoever set them', () => {
    const disabled = { ...DEFAULT_RULE_STATE, state: 'disabled' as const }
    const one = new Ruleset([compile('A'), withState(compile('B'), { ...disabled, setBy: 'ada' })], RELEASE)
    const other = new Ruleset([withState(compile('B'), { ...disabled, reason: 'noisy' }), compile('A')], RELEASE)
    expect(one.hash).toBe(other.hash)
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('has another hash for another text, state, ceiling or release', () => {
    const rule = compile('A')
    const clipped = (confidenceMax: number) =>
      withState(rule, { ...DEFAULT_RULE_STATE, state: 'clipped', confidenceMax })
    const sets = [
      new Ruleset([rule], RELEASE),
      new Ruleset([compile('A', 'command', 2)], RELEASE),
      new Ruleset([withState(rule, { ...DEFAULT_RULE_STATE, state: 'disabled' })], RELEASE),
      new Ruleset([clipped(0.5)], RELEASE),
      new Ruleset([clipped(0.4)], RELEASE),
      new Ruleset([rule], 'enterprise-18.1'),
      new Ruleset([], RELEASE),
    ]
    expect(new Set(sets.map(({ hash }) => hash)).size).toBe(sets.length)
  })
})
