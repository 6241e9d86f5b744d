import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gaps, largestGroup, median, mostWithin } from './statistics.js'

describe('statistics', () => {
  it.each([
    [[], null],
    [[3], 3],
    [[9, 1], 5],
    [[9, 1, 2], 2],
  ])('the median of %j is %j', (values, expected) => {
    expect(median(values)).toBe(expected)
  })

  it('gaps are between neighbours', () => {
    expect(gaps([1, 4, 9])).toEqual([3, 5])
    expect(gaps([7])).toEqual([])
  })

  it('finds the most within a span as looking at every start does', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100)), fc.nat(30), (values, span) => {
        const times = values.sort((one, other) => one - other)
        const counts = times.map((start) => times.filter((time) => time >= start && time - start <= span).length)
        expect(mostWithin(times, span)).toBe(Math.max(0, ...counts))
      }),
    )
  })

  it('finds the largest group of different values', () => {
    const words = ['apple', 'ant', 'bee', 'apple', 'axe']
    const largest = (of: readonly string[]) =>
      largestGroup(
        of,
        (word) => word[0],
        (word) => word,
      )
    expect(largest(words)).toBe(3)
    expect(largest([])).toBe(0)
  })
})
