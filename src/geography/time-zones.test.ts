import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countriesOfZone, hoursFromCountry, isNeutralZone, zoneOffset } from './time-zones.js'

const WINTER = new Date('2026-01-15T12:00:00Z')
const SUMMER = new Date('2026-07-15T12:00:00Z')

describe('zoneOffset', () => {
  it.each([
    ['Europe/Berlin', 60, 120],
    ['America/New_York', -300, -240],
    ['Asia/Kathmandu', 345, 345],
    ['UTC', 0, 0],
    ['Asia/Calcutta', 330, 330],
  ])('%s', (zone, winter, summer) => {
    expect([zoneOffset(zone, WINTER), zoneOffset(zone, SUMMER)]).toEqual([winter, summer])
  })

  it('answers null for what is no zone or no time, and never throws', () => {
    expect(zoneOffset('Europe/Nowhere', WINTER)).toBeNull()
    expect(zoneOffset('UTC', new Date(Number.NaN))).toBeNull()
    fc.assert(
      fc.property(fc.string(), (zone) => {
        expect(Math.abs(zoneOffset(zone, WINTER) ?? 0)).toBeLessThanOrEqual(24 * 60)
        countriesOfZone(zone)
      }),
    )
  })
})

describe('hoursFromCountry', () => {
  it('tells how far a clock is from the nearest of a country', () => {
    expect(hoursFromCountry(60, 'DE', WINTER)).toBe(0)
    expect(hoursFromCountry(480, 'DE', WINTER)).toBe(7)
    expect(hoursFromCountry(-480, 'US', WINTER)).toBe(0)
    expect(hoursFromCountry(780, 'US', WINTER)).toBeGreaterThan(3)
  })

  it('answers null for a country that is none', () => {
    for (const country of ['ZZ', 'QQ', 'DD', '', '../', 'de-DE'])
      expect(hoursFromCountry(0, country, WINTER)).toBeNull()
  })
})

it('knows whose zone it is, by any of its names', () => {
  expect(countriesOfZone('Europe/Berlin')).toEqual(['DE'])
  expect(countriesOfZone('Asia/Calcutta')).toEqual(countriesOfZone('Asia/Kolkata'))
  expect(countriesOfZone('Europe/Kiev')).toEqual(['UA'])
  expect(countriesOfZone('UTC')).toEqual([])
})

it('knows zones that say nothing', () => {
  expect(['UTC', 'GMT', 'Etc/UTC', 'Etc/GMT+3', 'Atlantic/Reykjavik'].every(isNeutralZone)).toBe(true)
  expect(isNeutralZone('Europe/London')).toBe(false)
})
