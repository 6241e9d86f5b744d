import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CONFIDENCE_FLOOR, settleConfidence } from './confidence.js'

const probability = fc.double({ min: 0, max: 1, noNaN: true })

describe('settleConfidence', () => {
  it('never exceeds base or ceiling, and never falls below the floor', () => {
    fc.assert(
      fc.property(
        probability,
        fc.double({ min: -1, max: 5, noNaN: true }),
        fc.option(probability),
        (base, factor, ceiling) => {
          const settled = settleConfidence(base, factor, ceiling)
          if (settled === null) return
          expect(settled).toBeLessThanOrEqual(base)
          expect(settled).toBeLessThanOrEqual(ceiling ?? 1)
          expect(settled).toBeGreaterThanOrEqual(CONFIDENCE_FLOOR)
        },
      ),
    )
  })

  it('takes the ceiling as a ceiling, not as a factor', () => {
    expect(settleConfidence(0.9, 1, 0.5)).toBe(0.5)
    expect(settleConfidence(0.4, 1, 0.5)).toBe(0.4)
  })

  it('drops what is below the floor', () => {
    expect(settleConfidence(0.9, 0.3, null)).toBeNull()
    expect(settleConfidence(0.9, 1, 0.2)).toBeNull()
  })
})
