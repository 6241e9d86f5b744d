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
})
