import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ruleSource } from '../../test/support/rule-text.js'
import { attackCatalogue } from '../attack/attack-catalogue.js'
import { compileRule } from '../rules/compile-rule.js'
import { type CompiledRule, withState } from '../rules/compiled-rule.js'
import { EventFields } from '../rules/event-fields.js'
import { DEFAULT_RULE_STATE } from '../rules/rule-state.js'
import { normaliseCommand } from '../shell/normalise.js'
import { KindIndex } from './kind-index.js'

const context = { catalogue: attackCatalogue(), lifters: [], withSamples: false, checked: null }
const CONDITIONS = [
  '{ field: command_text, contains: wget }',
  '{ field: command_text, pattern: "\\\\bw\\\\w+\\\\s" }',
  '{ segment: { field: name, one_of: [sh, curl] } }',
  '{ not: { field: command_text, contains: a } }',
]
const COMMANDS = ['wget x', 'curl a | sh', 'whoami', 'sh', 'x']

function compile(id: string, match: string): CompiledRule {
  return compileRule(ruleSource({ id, match }), context).rule!
}

function matched(index: KindIndex, command: string): string[] {
  const fields = new EventFields({ sourceKind: 'command', payload: { command_text: command } }, normaliseCommand)
  const ids: string[] = []
  index.matching(fields, {
    onMatch: (rule) => ids.push(`${rule.ruleId} ${rule.state.state}`),
    onFailure: (_rule, error) => {
      throw error
    },
  })
  return ids
}

const ids = Array.from({ length: 6 }, (_, index) => `T000${index}`)
const anyChange = fc.oneof(
  fc.record({
    kind: fc.constant('define' as const),
    id: fc.constantFrom(...ids),
    match: fc.constantFrom(...CONDITIONS),
  }),
  fc.record({ kind: fc.constant('remove' as const), id: fc.constantFrom(...ids) }),
  fc.record({
    kind: fc.constant('state' as const),
    id: fc.constantFrom(...ids),
    state: fc.constantFrom('enabled' as const, 'disabled' as const),
  }),
)

describe('KindIndex', () => {
  it('answers after any row of changes what one made anew answers, in id order', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 20 }), (changes) => {
        const rules = new Map(ids.slice(0, 3).map((id) => [id, compile(id, CONDITIONS[0]!)]))
        const ordered = () => [...rules.values()].sort((a, b) => (a.ruleId < b.ruleId ? -1 : 1))
        let index = KindIndex.of('command', ordered())
        for (const change of changes) {
          const rule = rules.get(change.id)
          if (change.kind === 'define') rules.set(change.id, compile(change.id, change.match))
          else if (change.kind === 'remove') rules.delete(change.id)
          else if (rule) rules.set(change.id, withState(rule, { ...DEFAULT_RULE_STATE, state: change.state }))
          index = index.with(ordered())
        }
        const fresh = KindIndex.of('command', ordered())
        for (const command of COMMANDS) expect(matched(index, command)).toEqual(matched(fresh, command))
        expect([...index.inputs].sort()).toEqual(expect.arrayContaining([...fresh.inputs].sort()))
      }),
    )
  })

  it('leaves whoever still holds the index before a change with what that answered', () => {
    const before = KindIndex.of('command', [compile('T0001', CONDITIONS[0]!)])
    const after = before.with([compile('T0001', CONDITIONS[2]!), compile('T0002', CONDITIONS[0]!)])
    expect(matched(before, 'wget x')).toEqual(['T0001 enabled'])
    expect(matched(after, 'wget x')).toEqual(['T0002 enabled'])
  })

  it('keeps an error of one rule from the others, with a changed rule on top too', () => {
    const first = compile('T0001', CONDITIONS[0]!)
    const index = KindIndex.of('command', [first]).with([first, compile('T0002', CONDITIONS[0]!)])
    const fields = new EventFields({ sourceKind: 'command', payload: { command_text: 'wget x' } }, normaliseCommand)
    const told: string[] = []
    index.matching(fields, {
      onMatch: (rule) => {
        if (rule.ruleId === 'T0001') throw new Error('no')
        told.push(rule.ruleId)
      },
      onFailure: (rule) => told.push(`${rule.ruleId} failed`),
    })
    expect(told).toEqual(['T0001 failed', 'T0002'])
  })

  it('is laid out anew when much has changed', () => {
    const many = (match: string) => Array.from({ length: 200 }, (_, index) => compile(`B${1000 + index}`, match))
    const before = KindIndex.of('command', many(CONDITIONS[0]!))
    const after = before.with(many(CONDITIONS[2]!))
    expect(matched(after, 'sh')).toHaveLength(200)
    expect(matched(after, 'wget x')).toEqual([])
    expect(matched(after.with([]), 'sh')).toEqual([])
  })
})
