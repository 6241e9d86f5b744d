import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LiteralScanner } from './literal-scanner.js'

function found(literals: readonly string[], text: string): number[] {
  const numbers = new Set<number>()
  new LiteralScanner(literals).scan(text, (literal) => numbers.add(literal))
  return [...numbers].sort((a, b) => a - b)
}

describe('LiteralScanner', () => {
  it('finds literals inside and behind each other, in any case', () => {
    expect(found(['he', 'she', 'hers', 'his'], 'uSHErs')).toEqual([0, 1, 2])
  })

  it('finds what a search for each literal finds', () => {
    const literal = fc.string({ unit: fc.constantFrom('a', 'b', '/', '-', '0'), minLength: 1, maxLength: 5 })
    const text = fc.string({ unit: fc.constantFrom('a', 'A', 'b', '/', '-', '0', 'é', '\u0000', ' '), maxLength: 40 })
    fc.assert(
      fc.property(fc.uniqueArray(literal, { maxLength: 12 }), text, (literals, sample) => {
        const expected = literals.flatMap((each, number) => (sample.toLowerCase().includes(each) ? [number] : []))
        expect(found(literals, sample)).toEqual(expected)
      }),
      { numRuns: 3000 },
    )
  })

  it('knows the two letters beyond ASCII that fold to ASCII ones', () => {
    expect(found(['sk'], 'ſ\u212a')).toEqual([0])
  })

  it('finds nothing without literals', () => {
    expect(found([], 'text')).toEqual([])
  })
})
