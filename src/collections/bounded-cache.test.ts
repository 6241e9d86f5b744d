import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BoundedCache } from './bounded-cache.js'

describe('BoundedCache', () => {
  it('answers what was set and nothing else', () => {
    const cache = new BoundedCache<string, number>({ entries: 4 })
    cache.set('a', 1)
    cache.set('a', 2)
    expect(cache.get('a')).toBe(2)
    expect(cache.get('b')).toBeUndefined()
  })

  it('keeps a pair that is asked for while others come and go', () => {
    const cache = new BoundedCache<number, string>({ entries: 8 })
    cache.set(-1, 'kept')
    for (let key = 0; key < 1000; key++) {
      cache.set(key, 'passing')
      expect(cache.get(-1)).toBe('kept')
    }
    expect(cache.get(0)).toBeUndefined()
  })

  it('never grows beyond its bound and never answers a stale value', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 9 }),
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 12 }), fc.nat())),
        (entries, steps) => {
          const cache = new BoundedCache<number, number>({ entries })
          const truth = new Map<number, number>()
          for (const [writes, key, value] of steps) {
            if (writes) {
              cache.set(key, value)
              truth.set(key, value)
            } else {
              const answer = cache.get(key)
              if (answer !== undefined) expect(answer).toBe(truth.get(key))
            }
            expect(cache.size).toBeLessThanOrEqual(entries)
          }
        },
      ),
    )
  })

  it('refuses a bound that leaves no room for two generations', () => {
    expect(() => new BoundedCache({ entries: 1 })).toThrow(RangeError)
    expect(() => new BoundedCache({ entries: 2.5 })).toThrow(RangeError)
  })
})
