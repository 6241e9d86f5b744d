import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { correlate, inOrder, testCorrelator } from '../../test/support/correlate.js'
import { verdict } from '../../test/support/telemetry.js'
import { shuffle } from '../collections/shuffle.js'
import { PROVIDERS } from '../intel/provider-tables.js'
import { STREAM_CORRELATION } from './correlation-options.js'

const malicious = (provider: string, place = {}) =>
  verdict({ provider, classification: 'malicious', score: 1, categories: ['18'] }, place)

const confirmedProviders = (events: Parameters<typeof correlate>[0]) =>
  correlate(events)
    .map(({ payload }) => payload.provider)
    .sort()

describe('verdicts that others confirm', () => {
  it('are told again once two providers call an attacker malicious, however far apart', () => {
    const first = malicious('abuseipdb')
    const confirmed = correlate([first, malicious('feodo', { at: -400 * 86_400 })])
    expect(confirmed.map(({ payload }) => payload.provider).sort()).toEqual(['abuseipdb', 'feodo'])
    expect(confirmed.find(({ payload }) => payload.provider === 'abuseipdb')).toMatchObject({
      sourceKind: 'intel',
      attackerUuid: first.attackerUuid,
      sourceIp: first.sourceIp,
      observedAt: first.observedAt,
      payload: { ...first.payload, scope: 'confirmed', row_id: first.sourceId },
    })
  })

  it('are not told where one provider speaks twice, of another attacker, or not of malice', () => {
    expect(confirmedProviders([malicious('feodo'), malicious('feodo', { at: 1 })])).toEqual([])
    expect(confirmedProviders([malicious('feodo'), malicious('threatfox', { ip: '192.0.2.77' })])).toEqual([])
    const benign = verdict({ provider: 'greynoise', classification: 'benign', score: 0, categories: [] })
    expect(confirmedProviders([malicious('feodo'), benign])).toEqual([])
  })

  it('tell again all that a later provider confirms, each once', () => {
    const events = [malicious('feodo'), malicious('feodo', { at: 1 }), malicious('abuseipdb', { at: 2 })]
    expect(confirmedProviders([...events, ...events])).toEqual(['abuseipdb', 'feodo', 'feodo'])
  })

  it('are the same in any order, repeated, and with a stop at any point', () => {
    const one = fc
      .record({
        provider: fc.constantFrom(...PROVIDERS),
        classification: fc.constantFrom('malicious', 'malicious', 'suspicious', 'benign'),
        at: fc.integer({ min: 0, max: 5 }),
        ip: fc.constantFrom('192.0.2.1', '192.0.2.2'),
      })
      .map(({ at, ip, ...payload }) => verdict({ ...payload, score: 1, categories: ['18'] }, { at, ip }))
    const verdicts = fc.array(one, { maxLength: 15 })
    fc.assert(
      fc.property(verdicts, fc.nat(), fc.nat(15), (events, seed, stop) => {
        const expected = inOrder(correlate(events))
        const shuffled = shuffle([...events, ...events], seed)
        expect(inOrder(correlate(shuffled))).toEqual(expected)
        const before = testCorrelator(STREAM_CORRELATION)
        const early = correlate(shuffled.slice(0, stop), before, false)
        const snapshot = JSON.parse(JSON.stringify(before.snapshot())) as ReturnType<typeof before.snapshot>
        const late = correlate(shuffled.slice(stop), testCorrelator(STREAM_CORRELATION, { snapshot }))
        expect(inOrder([...early, ...late])).toEqual(expected)
      }),
    )
  })

  it('forget the first attackers where there are too many', () => {
    const correlator = testCorrelator()
    const flood = Array.from({ length: 20_050 }, (_, index) =>
      malicious('feodo', { ip: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}` }),
    )
    correlate(flood, correlator, false)
    expect(correlator.losses.evicted).toBe(50)
    expect(correlator.snapshot().verdicts).toHaveLength(20_000)
    const confirmed = (ip: string) => correlate([malicious('abuseipdb', { ip })], correlator, false).length
    expect(confirmed('10.0.0.0')).toBe(0)
    expect(confirmed('10.0.78.0')).toBe(2)
  })
})
