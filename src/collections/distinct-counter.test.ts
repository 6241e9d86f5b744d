import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DistinctCounter } from './distinct-counter.js'
import { hashText } from './text-hash.js'

describe('DistinctCounter', () => {
  it('is exact up to its limit', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 300 }), (texts) => {
        const counter = new DistinctCounter()
        for (const text of texts) counter.add(text)
        expect(counter.count).toBe(new Set(texts).size)
        expect(counter.exact).toBe(true)
      }),
    )
  })

  it('turns to estimates above the limit and says so', () => {
    const counter = new DistinctCounter({ exactLimit: 10 })
    for (let index = 0; index < 10; index++) counter.add(`a${index}`)
    expect(counter.exact).toBe(true)
    counter.add('one more')
    expect(counter.exact).toBe(false)
    expect(counter.count).toBe(11)
  })

  it.each([5_000, 20_000, 100_000, 400_000])('is within 5 % at %i distinct texts, each added twice', (distinct) => {
    const counter = new DistinctCounter()
    for (let index = 0; index < 2 * distinct; index++) {
      const text = (index % distinct).toString(16).padStart(8, '0')
      counter.add(`192.0.2.${text}`)
    }
    expect(Math.abs(counter.count / distinct - 1)).toBeLessThan(0.05)
  })
})

describe('hashText', () => {
  it('tells texts apart that differ little', () => {
    const hashes = new Set<number>()
    for (let index = 0; index < 50_000; index++) hashes.add(hashText(`10.0.${index >> 8}.${index & 255}`))
    expect(hashes.size).toBe(50_000)
  })

  it('uses every bit about half of the time', () => {
    const ones = new Array<number>(53).fill(0)
    for (let index = 0; index < 4000; index++) {
      const bits = hashText(`session-${index}`).toString(2).padStart(53, '0')
      for (let bit = 0; bit < 53; bit++) ones[bit]! += Number(bits[bit])
    }
    for (const count of ones) expect(Math.abs(count / 4000 - 0.5)).toBeLessThan(0.05)
  })
})
