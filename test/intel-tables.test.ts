import { beforeAll, describe, expect, it } from 'vitest'
import { loadRuleset } from '../src/app.js'
import { attackCatalogue } from '../src/attack/attack-catalogue.js'
import { PROVIDERS, providerTable } from '../src/intel/provider-tables.js'
import type { CompiledRule } from '../src/rules/compiled-rule.js'
import { mostSpecificId } from '../src/tagging/tag.js'

let rules: readonly CompiledRule[]

beforeAll(async () => {
  rules = [...(await loadRuleset()).ruleset.rules.values()]
})

function emitted(parameter: string, value: unknown): ReadonlyMap<string, number> {
  const rule = rules.find(({ match }) => match.kind === 'lifter' && match.parameters[parameter] === value)!
  return new Map(rule.emissions.map((emission) => [mostSpecificId(emission), emission.confidence]))
}

describe('rules about verdicts', () => {
  it.each(PROVIDERS)('state every technique of the table of %s, and no other', (provider) => {
    const named = new Set(providerTable(provider).categories.flatMap(({ techniques }) => Object.keys(techniques)))
    const own = emitted('provider', provider)
    expect([...own.keys()].sort()).toEqual([...named].sort())
    const confirmed = emitted('confirmed', true)
    for (const [id, confidence] of own) expect(confirmed.get(id), id).toBe(confidence)
  })

  it.each(PROVIDERS)('rest on a table of %s that names active techniques of the bundled release', (provider) => {
    for (const { category, techniques } of providerTable(provider).categories) {
      for (const id of Object.keys(techniques)) {
        expect(attackCatalogue().technique(id)?.status, `${category}: ${id}`).toBe('active')
      }
    }
  })

  it('are no surer than 0.6 of what describes the source', () => {
    for (const { match, emissions } of rules) {
      if (match.kind !== 'lifter' || match.lifter !== 'intel') continue
      for (const { techniqueId, confidence } of emissions) {
        if (techniqueId === 'T1588' || techniqueId === 'T1608') expect(confidence).toBeLessThanOrEqual(0.6)
      }
    }
  })
})
