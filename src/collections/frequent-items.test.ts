import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FrequentItems } from './frequent-items.js'

function countAll(keys: readonly string[], capacity: number) {
  const items = new FrequentItems({ capacity, createDetail: () => null })
  const truth = new Map<string, number>()
  for (const key of keys) {
    items.add(key)
    truth.set(key, (truth.get(key) ?? 0) + 1)
  }
  return { items, truth }
}

describe('FrequentItems', () => {
  it('is exact while everything fits', () => {
    const { items } = countAll(['b', 'a', 'c', 'a', 'b', 'a'], 3)
    expect(items.top(2)).toEqual([
      { key: 'a', count: 3, missed: 0, detail: null },
      { key: 'b', count: 2, missed: 0, detail: null },
    ])
    expect(items.errorBound).toBe(0)
  })

  it('keeps its bounds on any stream', () => {
    const stream = fc.array(fc.nat(60).map(String), { minLength: 1, maxLength: 600 })
    fc.assert(
      fc.property(stream, fc.integer({ min: 2, max: 20 }), (keys, capacity) => {
        const { items, truth } = countAll(keys, capacity)
        expect(items.size).toBeLessThanOrEqual(capacity)
        expect(items.errorBound).toBeLessThanOrEqual((2 * keys.length) / capacity)
        const kept = new Map(items.top(capacity).map((item) => [item.key, item]))
        for (const [key, count] of truth) {
          const item = kept.get(key)
          if (item === undefined) expect(count).toBeLessThanOrEqual(items.errorBound)
          else {
            expect(item.count).toBeLessThanOrEqual(count)
            expect(item.count + item.missed).toBeGreaterThanOrEqual(count)
          }
        }
      }),
    )
  })

  it('finds what is frequent among a flood of things seen once', () => {
    const keys = Array.from({ length: 30_000 }, (_, index) => (index % 10 === 0 ? 'often' : `once ${index}`))
    const { items } = countAll(keys, 64)
    expect(items.top(1)).toEqual([{ key: 'often', count: 3000, missed: 0, detail: null }])
  })

  it('keeps a detail beside each count', () => {
    const items = new FrequentItems({ capacity: 2, createDetail: () => new Set<string>() })
    items.add('a').add('x')
    items.add('a').add('y')
    expect(items.top(1)[0]?.detail).toEqual(new Set(['x', 'y']))
  })
})
