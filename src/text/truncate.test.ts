import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { excerptAround, truncateEnd, truncateMiddle } from './truncate.js'

const anyText = fc.string({ unit: 'binary', maxLength: 60 })
const limit = fc.integer({ min: 0, max: 50 })

describe('truncateMiddle', () => {
  it('keeps both ends', () => {
    expect(truncateMiddle('abcdefghij', 5)).toBe('ab…ij')
  })

  it('keeps a text that fits', () => {
    expect(truncateMiddle('abc', 3)).toBe('abc')
  })
})

describe('truncateEnd', () => {
  it('keeps the beginning', () => {
    expect(truncateEnd('abcdefghij', 5)).toBe('abcd…')
  })
})

describe('excerptAround', () => {
  const text = `${'a'.repeat(50)}NEEDLE${'b'.repeat(50)}`

  it('shows the stretch with text on both sides', () => {
    expect(excerptAround(text, 50, 56, 16)).toBe('…aaaaNEEDLEbbbb…')
  })

  it('shows the beginning and the end of a text as such', () => {
    expect(excerptAround(text, 0, 3, 10)).toBe('aaaaaaaa…')
    expect(excerptAround(text, 104, 106, 10)).toBe('…bbbbbbbb')
  })

  it('takes offsets beyond the text as its end', () => {
    expect(excerptAround(text, 900, 950, 10)).toBe('…bbbbbbbb')
  })
})

it('stays within the limit and never halves a code point', () => {
  fc.assert(
    fc.property(anyText, limit, fc.nat(70), fc.nat(20), (text, max, start, length) => {
      const cuts = [truncateMiddle(text, max), truncateEnd(text, max)]
      if (max >= 3) cuts.push(excerptAround(text, start, start + length, max))
      for (const cut of cuts) {
        expect(cut.length).toBeLessThanOrEqual(max)
        expect(cut).not.toMatch(/\p{Surrogate}/u)
      }
    }),
  )
})
