import { describe, expect, it } from 'vitest'
import { attackCatalogue } from '../attack/attack-catalogue.js'
import { PROVIDERS, providerTable } from './provider-tables.js'

describe.each(PROVIDERS)('the table of %s', (provider) => {
  const table = providerTable(provider)

  it('is the provider’s own', () => {
    expect(table.provider).toBe(provider)
  })

  it('names active techniques of the bundled release only', () => {
    for (const { category, techniques } of table.categories) {
      for (const id of Object.keys(techniques)) {
        expect(attackCatalogue().technique(id)?.status, `${category}: ${id}`).toBe('active')
      }
    }
  })

  it('has no two entries for one thing', () => {
    const keys = table.categories.map(({ category, with: other, least_score: least }) =>
      [category, other, least].join(),
    )
    expect(new Set(keys).size).toBe(keys.length)
  })
})
