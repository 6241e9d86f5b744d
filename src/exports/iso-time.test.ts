import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createIsoTime } from './iso-time.js'

it('writes what toISOString writes, whatever it wrote before', () => {
  const nearby = fc.tuple(
    fc.date({ noInvalidDate: true }),
    fc.array(fc.integer({ min: -2e8, max: 2e8 }), { maxLength: 5 }),
  )
  fc.assert(
    fc.property(nearby, ([start, steps]) => {
      const isoTime = createIsoTime()
      for (const step of [0, ...steps, 0]) {
        const date = new Date(start.getTime() + step)
        if (!Number.isNaN(date.getTime())) expect(isoTime(date.getTime())).toBe(date.toISOString())
      }
    }),
  )
})

it('throws for a time that is none, as toISOString does', () => {
  expect(() => createIsoTime()(Number.NaN)).toThrow(RangeError)
})
