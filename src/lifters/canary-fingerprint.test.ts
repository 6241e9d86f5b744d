import { describe, expect, it } from 'vitest'
import { TEST_GEOGRAPHY } from '../../test/support/browsers.js'
import { EMPTY_RULESET, testContext, testEvent } from '../../test/support/tagging.js'
import { canaryFingerprint } from './canary-fingerprint.js'

const HEADLESS = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/141.0.0.0 Safari/537.36'

async function lift(parameters: object, payload: object, sourceIp = '192.0.2.7') {
  const event = testEvent({ sourceKind: 'canary_fingerprint', payload: { ...payload }, sourceIp })
  const context = testContext(event, EMPTY_RULESET, undefined, TEST_GEOGRAPHY)
  return canaryFingerprint.lift(
    event,
    canaryFingerprint.parameters.parse({ least: 1, sure: 4, ...parameters }),
    context,
  )
}

describe('the canary_fingerprint lifter', () => {
  it('weighs the signs that the rule names, and tells the heaviest first', async () => {
    const signals = { user_agent: HEADLESS, webdriver: true, languages: [] }
    const observation = await lift({ signs: { automation_flag: 1, automation_tool: 2 } }, { token_id: 'a', signals })
    expect(observation).toMatchObject({
      multiplier: 0.75,
      evidence: {
        metric: 'automation_tool',
        signs: ['automation_flag', 'automation_tool'],
        signature_id: 'headless-chrome',
        token_id: 'a',
      },
    })
  })

  it('knows a tool by a hash that the rule names, of what was drawn or sounded', async () => {
    const rule = { signs: { known_hash: 3 }, hashes: { c0ffee: 'lab-browser' } }
    for (const signals of [{ canvas_hash: 'c0ffee' }, { audio_hash: 'c0ffee', canvas_hash: 'x' }]) {
      const observation = await lift(rule, { signals })
      expect(observation?.evidence).toEqual({
        metric: 'known_hash',
        signs: ['known_hash'],
        signature_id: 'lab-browser',
      })
    }
    expect(await lift(rule, { signals: { canvas_hash: 'toString' } })).toBeNull()
  })

  it('takes the word of the telemetry on where the source lies before that of a database', async () => {
    const rule = { signs: { time_zone_far: 1, webrtc_other_network: 1 } }
    const signals = { time_zone: 'Asia/Shanghai', webrtc_addresses: ['203.0.113.9'] }
    const signsOf = async (more: object) => (await lift(rule, { signals, ...more }))?.evidence.signs
    expect(await signsOf({})).toEqual(['time_zone_far', 'webrtc_other_network'])
    expect(await signsOf({ source_country: 'CN' })).toEqual(['webrtc_other_network'])
    expect(await signsOf({ source_country: 'cn', source_network: 64502 })).toBeUndefined()
    expect(await signsOf({ source_country: 'China', source_network: '64502' })).toHaveLength(2)
  })

  it('says nothing of signals that are none', async () => {
    for (const signals of [undefined, null, 'x', [], 7, { webdriver: 'true' }]) {
      expect(await lift({ signs: { automation_flag: 1 } }, { signals })).toBeNull()
    }
  })
})
