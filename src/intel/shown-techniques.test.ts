import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shuffle } from '../collections/shuffle.js'
import { PROVIDERS, type Provider, providerTable } from './provider-tables.js'
import { shownTechniques } from './shown-techniques.js'

function shown(provider: Provider, categories: readonly string[], score = 1): Record<string, string> {
  return Object.fromEntries(shownTechniques({ provider, score, categories }).map(({ id, category }) => [id, category]))
}

describe('shownTechniques', () => {
  it('takes the numbers of AbuseIPDB as they are published', () => {
    expect(shown('abuseipdb', ['14'])).toEqual({ 'T1595.001': '14' })
    expect(shown('abuseipdb', ['4', '13'])).toEqual({ T1498: '4', T1090: '13' })
    expect(shown('abuseipdb', ['10', '17'])).toEqual({ 'T1684.002': '17' })
  })

  it('is as exact as the categories are together', () => {
    expect(shown('abuseipdb', ['18'])).toEqual({ T1110: '18' })
    expect(shown('abuseipdb', ['18', '22'])).toEqual({ 'T1110.001': '18' })
    expect(shown('abuseipdb', ['11'], 0.8)).toEqual({ T1496: '11', T1566: '11' })
    expect(shown('abuseipdb', ['11'], 0.79)).toEqual({ T1496: '11' })
  })

  it('tells tags of GreyNoise by what they end with, unless they are known themselves', () => {
    expect(shown('greynoise', ['mssql-bruteforcer'])).toEqual({ T1110: 'mssql-bruteforcer' })
    expect(shown('greynoise', ['ssh-bruteforcer'])).toEqual({ 'T1110.001': 'ssh-bruteforcer' })
    expect(shown('greynoise', ['web-crawler'])).toEqual({ 'T1595.002': 'web-crawler' })
    expect(shown('greynoise', ['acme-router-rce-attempt'])).toEqual({ T1190: 'acme-router-rce-attempt' })
    expect(shown('greynoise', ['rdp-login-attempt'])).toEqual({ T1110: 'rdp-login-attempt' })
  })

  it('says nothing of what the table does not know', () => {
    for (const provider of PROVIDERS) expect(shown(provider, ['99', 'no-such-thing', '', '*', '__proto__'])).toEqual({})
  })

  it('does not mind the order of categories, nor how often one is named', () => {
    const verdict = fc.constantFrom(...PROVIDERS).chain((provider) => {
      const names = providerTable(provider).categories.map(({ category }) => category.replace('*', 'x'))
      return fc.record({
        provider: fc.constant(provider),
        score: fc.double({ min: 0, max: 1, noNaN: true }),
        categories: fc.array(fc.constantFrom(...names, 'unknown')),
      })
    })
    fc.assert(
      fc.property(verdict, fc.nat(), (one, seed) => {
        const again = { ...one, categories: shuffle([...one.categories, ...one.categories], seed) }
        expect(shownTechniques(again)).toEqual(shownTechniques(one))
      }),
    )
  })
})
