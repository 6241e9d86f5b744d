import { describe, expect, it } from 'vitest'
import { type RuleParts, ruleSource } from '../../test/support/rule-text.js'
import { attackCatalogue } from '../attack/attack-catalogue.js'
import { compileRule } from './compile-rule.js'
import { DEFAULT_RULE_STATE } from './rule-state.js'

const context = { catalogue: attackCatalogue(), lifters: [], withSamples: true, checked: null }

function compile(parts: RuleParts) {
  return compileRule(ruleSource(parts), context)
}

function compileText(text: string) {
  return compileRule({ path: 'x.yaml', text }, context)
}

/** Code and place of each issue. */
function placesOf({ issues }: ReturnType<typeof compile>) {
  return issues.map((issue) => `${issue.code} ${issue.line}:${issue.column}`)
}

describe('compileRule', () => {
  it('compiles a whole rule, frozen, enabled', () => {
    const { rule, issues } = compile({ extra: 'tests:\n  match: [wget x]\n  no_match: [ls]\n' })
    expect(issues).toEqual([])
    expect(rule).toMatchObject({
      ruleId: 'T0001',
      appliesTo: ['command'],
      emissions: [{ tactic: 'TA0011', techniqueId: 'T1105', subTechniqueId: null, confidence: 0.9 }],
      state: { state: 'enabled' },
    })
    expect(Object.isFrozen(rule)).toBe(true)
  })

  it.each<[string, RuleParts, string]>([
    ['an unknown key', { extra: 'severity: high' }, 'unknown-key 10:1'],
    ['an unknown source kind', { appliesTo: 'comand' }, 'unknown-source-kind 6:14'],
    ['an unknown field', { match: '{ field: comand_text, contains: x }' }, 'unknown-field 7:10'],
    ['a segment field outside a segment', { match: '{ field: name, equals: x }' }, 'unknown-field 7:10'],
    ['an unknown operator', { match: '{ field: command_text, includes: x }' }, 'unknown-operator 7:31'],
    ['two operators', { match: '{ field: command_text, contains: x, equals: y }' }, 'unknown-operator 7:1'],
    ['a lookaround', { match: "{ field: command_text, pattern: 'a(?=b)' }" }, 'bad-pattern 7:31'],
    ['a backreference', { match: "{ field: command_text, pattern: '(a)\\1' }" }, 'bad-pattern 7:31'],
    [
      'two patterns that do not go together',
      { match: "{ field: command_text, pattern: ['(?P<h>wget)', '(?P<h>curl)'] }" },
      'bad-pattern 7:31',
    ],
    ['a quotation without an end', { match: "{ field: command_text, pattern: '\\Qwget' }" }, 'bad-pattern 7:31'],
    ['a number operator on text', { match: '{ field: command_text, gt: 3 }' }, 'operator-mismatch 7:31'],
    ['a number where text belongs', { match: '{ field: command_text, contains: 3 }' }, 'wrong-type 7:31'],
    ['an empty list', { match: '{ any: [] }' }, 'wrong-type 7:10'],
    ['a branch with company', { match: '{ all: [{ field: service, equals: ssh }], cased: true }' }, 'unknown-key 7:50'],
    [
      'a segment where there are none',
      { appliesTo: 'payload', match: '{ segment: { field: name, equals: x } }' },
      'operator-mismatch 7:10',
    ],
    [
      'a technique that is not there',
      { emits: '{ tactic: TA0011, technique_id: T9999, confidence: 0.9 }' },
      'unknown-technique 9:23',
    ],
    [
      'a tactic that does not hold it',
      { emits: '{ tactic: TA0007, technique_id: T1105, confidence: 0.9 }' },
      'tactic-mismatch 9:7',
    ],
    [
      'a revoked technique',
      { emits: '{ tactic: TA0005, technique_id: T1562, sub_technique_id: T1562.004, confidence: 0.9 }' },
      'revoked-technique 9:44',
    ],
    [
      'a part of another technique',
      { emits: '{ tactic: TA0002, technique_id: T1105, sub_technique_id: T1059.004, confidence: 0.9 }' },
      'parent-mismatch 9:23',
    ],
    [
      'a confidence that is always dropped',
      { emits: '{ tactic: TA0011, technique_id: T1105, confidence: 0.2 }' },
      'bad-value 9:44',
    ],
    [
      'a sample of the wrong shape',
      { appliesTo: 'payload', match: '{ field: url, contains: x }', extra: 'tests: { match: [text] }' },
      'test-shape 10:18',
    ],
    ['evidence of no field', { extra: 'evidence_fields: [password]' }, 'unknown-field 10:19'],
  ])('refuses %s, at its place', (_, parts, expected) => {
    const compilation = compile(parts)
    expect(compilation.rule).toBeNull()
    expect(placesOf(compilation)).toEqual([expected])
  })

  it('takes from the file that the rule is disabled, with the reason', () => {
    const { rule, issues } = compile({ extra: "disabled: 'nothing feeds it: yet'\n" })
    expect(issues).toEqual([])
    expect(rule?.state).toEqual({ ...DEFAULT_RULE_STATE, state: 'disabled', reason: 'nothing feeds it: yet' })
    expect(Object.isFrozen(rule?.state)).toBe(true)
  })

  it.each([
    ['true', 'wrong-type'],
    ["''", 'bad-value'],
    ['x'.repeat(1001), 'bad-value'],
  ])('refuses to disable a rule for the reason %s', (reason, code) => {
    const { rule, issues } = compile({ extra: `disabled: ${reason}\n` })
    expect(rule).toBeNull()
    expect(issues).toMatchObject([{ code, line: 10, remedy: expect.stringContaining('Why the rule is disabled') }])
  })

  it('reports every problem of a rule at once', () => {
    const compilation = compile({
      match: '{ all: [{ field: nope, contains: x }, { field: command_text, gt: 1 }] }',
      emits: '{ tactic: TA9999, technique_id: T1105, confidence: 0.9 }',
      extra: 'tests: { match: [{ a: 1 }] }\n',
    })
    expect(compilation.issues.map((issue) => issue.code).sort()).toEqual([
      'operator-mismatch',
      'unknown-field',
      'unknown-tactic',
    ])
  })

  it('names the successor of a revoked technique', () => {
    const { issues } = compile({ emits: '{ tactic: TA0005, technique_id: T1562, confidence: 0.9 }' })
    expect(issues[0]!.remedy).toContain('T1685')
  })

  it('refuses the same technique twice', () => {
    const emission = '{ tactic: TA0011, technique_id: T1105, confidence: 0.9 }'
    expect(compile({ emits: `${emission}\n  - ${emission}` }).issues.map((issue) => issue.code)).toEqual([
      'repeated-technique',
    ])
  })

  it('translates a rule of an older release, with a warning', () => {
    const { rule, issues } = compile({
      release: 'enterprise-18.1',
      emits: '{ tactic: TA0005, technique_id: T1562, sub_technique_id: T1562.004, confidence: 0.9 }',
    })
    expect(issues.map((issue) => [issue.code, issue.severity])).toEqual([['release-translated', 'warning']])
    expect(rule!.emissions[0]).toMatchObject({ tactic: 'TA0112', techniqueId: 'T1686', subTechniqueId: null })
  })

  it('refuses a rule of a release that is not known yet', () => {
    expect(compile({ release: 'enterprise-99.0' }).issues.map((issue) => issue.code)).toEqual([
      'release-untranslatable',
    ])
  })

  it.each([
    ['', 'yaml-shape'],
    ['plain text', 'yaml-shape'],
    ['- a list', 'yaml-shape'],
    ['rule_id: [', 'yaml-syntax'],
    ['rule_id: R1\nrule_id: R2', 'yaml-syntax'],
    [`# ${'x'.repeat(300_000)}`, 'unreadable'],
  ])('refuses a text that is no rule (%#)', (text, code) => {
    expect(compileText(text).issues.map((issue) => issue.code)).toEqual([code])
  })

  it('gives the same rule without its samples where nobody asks for them', () => {
    const source = ruleSource({
      extra: 'tests:\n  match:\n  - wget x\n  # a remark\n\n  no_match: [ls]\nreferences: [a]\n',
    })
    const { rule, issues } = compileRule(source, { ...context, withSamples: false })
    const whole = compileRule(source, context).rule!
    expect(issues).toEqual([])
    expect(rule!.samples).toEqual({ match: [], noMatch: [] })
    expect(whole.samples.match).toHaveLength(1)
    expect({ ...rule, match: null, samples: null }).toEqual({ ...whole, match: null, samples: null })
  })

  it('says which keys are missing', () => {
    const { issues } = compileText('rule_id: R1')
    expect(issues.every((issue) => issue.code === 'missing-key')).toBe(true)
    expect(issues.map((issue) => issue.message).join()).toContain("'match' is missing")
  })

  it('survives conditions nested without end', () => {
    const match = `${'{ not: '.repeat(500)}{ field: service, equals: x }${' }'.repeat(500)}`
    expect(compile({ match }).rule).toBeNull()
  })
})
