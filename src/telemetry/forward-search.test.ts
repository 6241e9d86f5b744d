import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ForwardSearch } from './forward-search.js'

describe('ForwardSearch', () => {
  it('answers like a search from scratch, in whatever order it is asked', () => {
    const bytes = fc.array(fc.constantFrom(0x61, 0x62), { maxLength: 40 }).map((values) => Buffer.from(values))
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(45)), (buffer, places) => {
        const search = new ForwardSearch('aab')
        for (const place of places) {
          const index = buffer.indexOf('aab', place)
          expect(search.find(buffer, place)).toBe(index < 0 ? Number.POSITIVE_INFINITY : index)
        }
      }),
    )
  })

  it('looks through a buffer once, even for what is not in it', () => {
    const buffer = Buffer.alloc(10_000, 0x61)
    let searches = 0
    buffer.indexOf = () => {
      searches++
      return -1
    }
    const search = new ForwardSearch('b')
    for (let from = 0; from < buffer.length; from += 10) search.find(buffer, from)
    expect(searches).toBe(1)
  })

  it('searches again after it was told to forget', () => {
    const buffer = Buffer.from('..b')
    const search = new ForwardSearch('b')
    expect(search.find(buffer, 0)).toBe(2)
    buffer[1] = 0x62
    search.forget()
    expect(search.find(buffer, 0)).toBe(1)
  })
})
