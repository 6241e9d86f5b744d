import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPlausibleTime, parseEventTime } from './event-time.js'

const at = (text: string) => new Date(parseEventTime(text)).toISOString()

describe('parseEventTime', () => {
  it.each([
    ['2017-11-15T04:32:42.755232Z', '2017-11-15T04:32:42.755Z'],
    ['2026-11-20T11:51:37Z', '2026-11-20T11:51:37.000Z'],
    ['2026-11-20 11:51:37,5', '2026-11-20T11:51:37.500Z'],
    ['2026-11-20t11:51z', '2026-11-20T11:51:00.000Z'],
    ['2026-11-20T11:51', '2026-11-20T11:51:00.000Z'],
    ['2026-11-20T11:51:37.418407', '2026-11-20T11:51:37.418Z'],
    ['2026-11-20T11:51:37+02:00', '2026-11-20T09:51:37.000Z'],
    ['2026-11-20T11:51:37.1-0530', '2026-11-20T17:21:37.100Z'],
    ['2026-11-20T11:51+02', '2026-11-20T09:51:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(at(text)).toBe(expected)
  })

  it.each([
    '',
    'yesterday',
    '2026-11-20',
    '1763639497',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-11-20T24:00:00Z',
    '2026-11-20T11:60:00Z',
    '2026-11-20T11:51:61Z',
    '2026-11-20T11:51:37.Z',
    '2026-11-20T11:51:3Z',
    '2026-11-20T11:51:37 Z',
    '2026-11-20T11:51:37Zulu',
    '2026-11-20T11:51:37+2',
    '2026-11-20T11:51:37+02:0',
    '2026-11-20T11:51:37+02:000',
    '2026-11-20T11:51:37+25:00',
    '2026-11-20T11:51:37*02:00',
    '2026-11-20T11:51.5Z',
    '2026/11/20T11:51:37Z',
    '+002026-11-20T11:51:37Z',
    '２０２６-11-20T11:51:37Z',
    '-001-11-20T11:51:37Z',
  ])('refuses %j', (text) => {
    expect(parseEventTime(text)).toBeNaN()
  })

  it('agrees with the engine on every instant of the years 1 to 9999', () => {
    const date = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(date, (instant) => {
        expect(parseEventTime(instant.toISOString())).toBe(instant.getTime())
      }),
      { numRuns: 2000 },
    )
  })

  it('answers a number for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseEventTime(text)).toBeTypeOf('number')
      }),
    )
  })
})

describe('isPlausibleTime', () => {
  it('takes 2000 to 2100', () => {
    const plausible = ['1999-12-31T23:59:59Z', '2000-01-01T00:00:00Z', '2100-12-31T23:59:59Z', '2101-01-01T00:00:00Z']
    expect(plausible.map((text) => isPlausibleTime(parseEventTime(text)))).toEqual([false, true, true, false])
  })
})
