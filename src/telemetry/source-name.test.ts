import { describe, expect, it } from 'vitest'
import { deliveryInName, timeInName } from './source-name.js'

describe('timeInName', () => {
  it.each([
    ['logs/dockerapi.2375.2026_11_20_08.log', '2026-11-20T08:00:00Z'],
    ['/a/web-2026-11-20.json.gz', '2026-11-20T00:00:00Z'],
    ['2026-11-19/web.json', null],
    ['web.20261120.json', null],
    ['web-12026-11-20.json', null],
    ['-', null],
    [undefined, null],
  ])('of %s is %s', (name, time) => {
    expect(timeInName(name)).toBe(time)
  })
})

describe('deliveryInName', () => {
  it('reads day, address and id', () => {
    expect(deliveryInName('/mails/2026-11-20/203.0.113.7/4f1c-22.eml')).toEqual({
      day: '2026-11-20',
      address: '203.0.113.7',
      id: '4f1c-22',
    })
    expect(deliveryInName('2026-11-20/2001:db8::7/a.eml')?.address).toBe('2001:db8::7')
  })

  it.each(['203.0.113.7/a.eml', 'x/203.0.113.7/a.eml', '2026-11-20/mails/a.eml', '2026-11-20/203.0.113.7/a.txt', '-'])(
    'of %s is nothing',
    (name) => {
      expect(deliveryInName(name)).toBeNull()
    },
  )
})
