import { describe, expect, it } from 'vitest'
import { STREAM_CORRELATION } from './correlation-options.js'
import { EventClock } from './event-clock.js'

const MINUTE = 60_000
const HORIZON = 10 * MINUTE
const clock = (options: Partial<typeof STREAM_CORRELATION> = {}) =>
  new EventClock({ ...STREAM_CORRELATION, now: () => Number.POSITIVE_INFINITY, ...options })

describe('EventClock', () => {
  it('lies one horizon behind what was seen, and never moves back', () => {
    const time = clock()
    expect(time.watermark).toBe(Number.NEGATIVE_INFINITY)
    time.see('a', 100 * MINUTE)
    expect(time.watermark).toBe(90 * MINUTE)
    time.see('a', 95 * MINUTE)
    expect(time.watermark).toBe(90 * MINUTE)
  })

  it('waits for a decky that is a little behind, and not for one that is silent', () => {
    const time = clock()
    time.see('slow', 100 * MINUTE)
    time.see('fast', 130 * MINUTE)
    expect(time.watermark).toBe(100 * MINUTE - HORIZON)
    time.see('fast', 161 * MINUTE)
    expect(time.watermark).toBe(161 * MINUTE - HORIZON)
  })

  it('is not moved by a clock that is set to the future beyond what can be', () => {
    const time = clock({ now: () => 100 * MINUTE })
    time.see('broken', 9_000_000 * MINUTE)
    expect(time.watermark).toBe(105 * MINUTE - HORIZON)
    time.see('right', 100 * MINUTE)
    time.see('broken', 9_000_001 * MINUTE)
    expect(time.watermark).toBeLessThanOrEqual(100 * MINUTE)
  })

  it('goes on by itself where nothing comes', () => {
    const time = clock()
    time.see('a', 100 * MINUTE)
    time.advanceBy(7 * MINUTE)
    expect(time.watermark).toBe(107 * MINUTE - HORIZON)
  })

  it('goes on from a snapshot', () => {
    const time = clock()
    time.see('a', 100 * MINUTE)
    const snapshot = JSON.parse(JSON.stringify(time.snapshot()))
    const next = new EventClock({ ...STREAM_CORRELATION, now: () => Number.POSITIVE_INFINITY }, snapshot)
    expect(next.watermark).toBe(time.watermark)
    for (const either of [time, next]) either.see('a', 120 * MINUTE)
    expect(next.snapshot()).toEqual(time.snapshot())
  })
})
