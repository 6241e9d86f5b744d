import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DueTimes } from './due-times.js'

const MINUTE = 60_000

describe('DueTimes', () => {
  it('tells each thing once, never before its time and at most a minute after it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(600_000)), fc.array(fc.nat(100_000)), (times, steps) => {
        const due = new DueTimes<number>()
        times.forEach((time, index) => {
          due.add(index, time)
        })
        const told = new Set<number>()
        let now = 0
        for (const step of [...steps, 800_000]) {
          now += step
          for (const item of due.takeUntil(now)) {
            expect(told.has(item)).toBe(false)
            expect(times[item]!).toBeLessThanOrEqual(now)
            told.add(item)
          }
          for (const [index, time] of times.entries()) if (time + MINUTE <= now) expect(told.has(index)).toBe(true)
        }
      }),
    )
  })

  it('keeps the earliest of several times, and nothing of what was taken back', () => {
    const due = new DueTimes<string>()
    due.add('a', 50 * MINUTE)
    due.add('a', 10 * MINUTE)
    due.add('a', 90 * MINUTE)
    due.add('b', 10 * MINUTE)
    due.delete('b')
    due.delete('never')
    expect(due.takeUntil(9 * MINUTE)).toEqual([])
    expect(due.takeUntil(11 * MINUTE)).toEqual(['a'])
    expect([due.takeUntil(1000 * MINUTE), due.size]).toEqual([[], 0])
  })
})
