import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LeastItems } from './least-items.js'

const numbers = (limit: number) =>
  new LeastItems<number>({ limit, compare: (one, other) => one - other, isSame: (one, other) => one === other })

describe('LeastItems', () => {
  it('holds the least distinct items, whatever their order and however often they come', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.nat(30), { maxLength: 60 }), (limit, added) => {
        const items = numbers(limit)
        for (const item of added) items.add(item)
        const distinct = [...new Set(added)].sort((one, other) => one - other)
        expect(items.items).toEqual(distinct.slice(0, limit))
        expect(items.isCut).toBe(distinct.length > limit)
      }),
    )
  })

  it('goes on from what another held as if it were that one, looked at in between or not', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30)), fc.array(fc.nat(30)), (before, afterwards) => {
        const [whole, first] = [numbers(5), numbers(5)]
        for (const item of before) for (const items of [whole, first]) items.add(item)
        const second = new LeastItems(
          { limit: 5, compare: (one: number, other: number) => one - other, isSame: (one, other) => one === other },
          first,
        )
        for (const item of afterwards) for (const items of [whole, second]) items.add(item)
        expect([second.items, second.isCut]).toEqual([whole.items, whole.isCut])
      }),
    )
  })

  it('never holds more than twice its limit', () => {
    const items = numbers(10)
    for (let item = 0; item < 1000; item++) {
      items.add(item % 97)
      expect(items.held).toBeLessThan(20)
    }
  })
})
