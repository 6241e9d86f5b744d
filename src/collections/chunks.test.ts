import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunks } from './chunks.js'

describe('chunks', () => {
  it('holds every item once, in order, in full pieces but for the last', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), (items, size) => {
        const pieces = [...chunks(items, size)]
        expect(pieces.flat()).toEqual(items)
        expect(pieces.slice(0, -1).every(({ length }) => length === size)).toBe(true)
        expect(pieces.every(({ length }) => length > 0 && length <= size)).toBe(true)
      }),
    )
  })
})
