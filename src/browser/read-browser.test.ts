import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HONEST_BROWSERS, TELLING_BROWSERS, TEST_GEOGRAPHY } from '../../test/support/browsers.js'
import { NO_GEOGRAPHY } from '../geography/geography.js'
import { automationTool } from './automation-signatures.js'
import { BROWSER_SIGNS } from './browser-signs.js'
import { readBrowser } from './read-browser.js'
import type { BrowserPlace } from './sighting.js'
import { readSignals, SIGNALS, type Signals } from './signals.js'

const PLACE: BrowserPlace = {
  at: new Date('2026-11-20T08:25:04Z'),
  sourceIp: '192.0.2.7',
  country: null,
  autonomousSystem: null,
  geography: TEST_GEOGRAPHY,
}
const signsOf = (signals: Signals, place: Partial<BrowserPlace> = {}) => [
  ...readBrowser(signals, { ...PLACE, ...place }).signs,
]
const plain = HONEST_BROWSERS['Chrome on Windows']!.signals

describe('readBrowser', () => {
  it('sees nothing in a plain browser', () => {
    expect(readBrowser(plain, PLACE)).toEqual({ signs: new Set(), signatureId: null })
    expect(signsOf({})).toEqual([])
  })

  it.each([
    [{ webdriver: true }, ['automation_flag']],
    [{ languages: [] }, ['no_languages']],
    [
      { screen_width: 800, screen_height: 600, window_width: 800, window_height: 600 },
      ['window_fills_screen', 'small_screen'],
    ],
    [{ webgl_renderer: 'Google SwiftShader' }, ['software_renderer']],
    [{ platform: 'MacIntel' }, ['platform_differs']],
    [{ hint_platform: 'Linux' }, ['hint_differs']],
    [{ hint_mobile: true }, ['hint_differs']],
    [{ vendor: 'Apple Computer, Inc.' }, ['vendor_differs']],
    [{ webgl_renderer: 'Apple GPU' }, ['renderer_differs']],
    [{ time_zone_offset: 300 }, ['time_zone_contradicts_offset']],
    [{ time_zone: 'Asia/Tokyo', time_zone_offset: -540 }, ['time_zone_far']],
    [{ languages: ['ja-JP'] }, ['language_foreign']],
    [{ webrtc_addresses: ['203.0.113.9'] }, ['webrtc_other_network', 'webrtc_other_country']],
    [{ webrtc_addresses: ['198.18.1.9'] }, []],
    [{ webrtc_addresses: ['10.1.1.1', 'fe80::1', 'x.local', ''] }, []],
  ] satisfies [Signals, string[]][])('%j shows %j', (more, signs) => {
    expect(signsOf({ ...plain, ...more })).toEqual(signs)
  })

  it('asks the clock of the day: summer time counts', () => {
    const summer = new Date('2026-07-20T08:00:00Z')
    expect(signsOf({ ...plain, time_zone_offset: -120 }, { at: summer })).toEqual([])
    expect(signsOf({ ...plain, time_zone_offset: -60 }, { at: summer })).toEqual(['time_zone_contradicts_offset'])
  })

  it('takes an IPv4 address for one, also where it is written as IPv6', () => {
    const signals: Signals = { webrtc_addresses: ['203.0.113.9'] }
    expect(signsOf(signals, { sourceIp: '::ffff:192.0.2.7', geography: NO_GEOGRAPHY })).toEqual([
      'webrtc_other_network',
    ])
    expect(signsOf({ webrtc_addresses: ['192.0.2.9'] }, { sourceIp: '::ffff:192.0.2.7' })).toEqual([])
  })

  it('knows nothing of a way that it cannot see', () => {
    const { signals } = TELLING_BROWSERS['a browser whose address lies in another country']!
    expect(signsOf(signals, { sourceIp: null })).toEqual([])
    expect(signsOf(signals, { sourceIp: '10.0.0.1' })).toEqual([])
  })

  it('never throws, tells signs of its table only, and takes little time, whatever a browser tells', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.string(),
      fc.array(fc.string()),
      fc.double(),
      fc.ipV4(),
      fc.array(fc.ipV6()),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(SIGNALS)), value), (odd) => {
        const { signals } = readSignals({ ...plain, ...odd })
        for (const sign of readBrowser(signals, PLACE).signs) expect(Object.keys(BROWSER_SIGNS)).toContain(sign)
      }),
    )
    const hostile = readSignals({
      ...Object.fromEntries(
        Object.entries(SIGNALS).map(([name, { type }]) => [
          name,
          type === 'texts' ? Array.from({ length: 9999 }, () => 'ANGLE ('.repeat(99)) : 'Gecko/1 '.repeat(99_999),
        ]),
      ),
    })
    const started = performance.now()
    readBrowser(hostile.signals, PLACE)
    expect(performance.now() - started).toBeLessThan(200)
  })
})

it.each(['document', 'chrome', 'phantomjs', 'webkit', 'cdc', 'Playwright'])(
  'no tool is known by the property %s',
  (name) => {
    expect(automationTool({ globals: name === 'phantomjs' ? [] : [name] })).toBeNull()
  },
)
