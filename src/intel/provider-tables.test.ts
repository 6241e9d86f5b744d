import { describe, expect, it } from 'vitest'
import { PROVIDERS, providerTable } from './provider-tables.js'

describe.each(PROVIDERS)('the table of %s', (provider) => {
  const table = providerTable(provider)

  it('is that of the provider', () => {
    expect(table.provider).toBe(provider)
  })

  it('has no two entries for one thing', () => {
    const keys = table.categories.map(({ category, with: other, least_score: least }) =>
      [category, other, least].join(),
    )
    expect(new Set(keys).size).toBe(keys.length)
  })
})
