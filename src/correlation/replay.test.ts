import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { correlate, inOrder, testCorrelator } from '../../test/support/correlate.js'
import { closed, command, DAY_START, download, forward, login, opened } from '../../test/support/telemetry.js'
import { shuffle } from '../collections/shuffle.js'
import { computeAttackerUuid } from '../events/ids.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import { STREAM_CORRELATION } from './correlation-options.js'
import { IdentityMembership } from './identity-membership.js'

/** A few attackers, sessions and passwords, so that much comes together; two days, so that windows end. */
const place = fc.record({
  at: fc.oneof(fc.integer({ min: 0, max: 3600 }), fc.integer({ min: 0, max: 48 * 3600 })),
  ip: fc.constantFrom('192.0.2.1', '198.51.100.2', '2001:db8::1', '2001:db8::2'),
  session: fc.constantFrom('s1', 's2', 's3', 's4'),
  decky: fc.constantFrom('decky-01', 'decky-02'),
})
const word = fc.constantFrom('root', 'admin', 'x', 'Winter2026')
const event: fc.Arbitrary<TaggerEvent> = fc.oneof(
  fc
    .tuple(word, word, place, fc.boolean())
    .map(([user, secret, at, success]) => login(user, secret, { ...at, success })),
  fc.tuple(fc.constantFrom('id', 'uname -a; rm x', 'sh x'), place).map(([text, at]) => command(text, at)),
  place.map((at) => opened(at)),
  place.map((at) => closed(1, at)),
  place.map((at) => download('http://203.0.113.9/x', at)),
  fc.tuple(fc.constantFrom('a.example', 'b.example'), place).map(([host, at]) => forward(host, 25, at)),
)
const telemetry = fc.array(event, { minLength: 1, maxLength: 120 })

const membership = new IdentityMembership()
membership.form('0b9b5f0e-0000-4000-8000-000000000000', ['192.0.2.1', '2001:db8::1'].map(computeAttackerUuid))

const ofFiles = (events: readonly TaggerEvent[]) => inOrder(correlate(events, testCorrelator({}, { membership })))
const stream = () => testCorrelator(STREAM_CORRELATION, { membership })

describe('the same telemetry gives the same conclusions', () => {
  it('in any order, any of it any number of times, where it ends', () => {
    fc.assert(
      fc.property(telemetry, fc.nat(), fc.array(fc.nat()), (events, seed, repeated) => {
        const again = repeated.map((index) => events[index % events.length]!)
        expect(ofFiles(shuffle([...events, ...again], seed))).toEqual(ofFiles(events))
      }),
      { numRuns: 300 },
    )
  })

  it('in a stream, out of order and repeated within the horizon', () => {
    const horizon = STREAM_CORRELATION.horizon
    const delayed = fc.array(fc.tuple(event, fc.array(fc.nat(horizon), { minLength: 1, maxLength: 3 })), {
      maxLength: 120,
    })
    fc.assert(
      fc.property(delayed, (told) => {
        const arrivals = told
          .flatMap(([one, delays]) => delays.map((delay) => ({ one, arrival: one.observedAt.getTime() + delay })))
          .sort((left, right) => left.arrival - right.arrival)
        const correlator = stream()
        const concluded = correlate(
          arrivals.map(({ one }) => one),
          correlator,
        )
        expect(correlator.losses).toEqual({ late: 0, evicted: 0 })
        expect(inOrder(concluded)).toEqual(ofFiles(told.map(([one]) => one)))
      }),
      { numRuns: 300 },
    )
  })

  it('with a snapshot taken and gone on from at any points', () => {
    fc.assert(
      fc.property(telemetry, fc.array(fc.nat(120), { maxLength: 5 }), (events, cuts) => {
        const ordered = events.toSorted((one, other) => one.observedAt.getTime() - other.observedAt.getTime())
        const concluded: TaggerEvent[] = []
        let correlator = stream()
        ordered.forEach((one, index) => {
          if (cuts.includes(index)) {
            const snapshot = JSON.parse(JSON.stringify(correlator.snapshot()))
            correlator = testCorrelator(STREAM_CORRELATION, { membership, snapshot })
          }
          concluded.push(...correlate([one], correlator, false))
        })
        concluded.push(...correlate([], correlator))
        expect(inOrder(concluded)).toEqual(ofFiles(events))
        expect(correlator.bytes).toBe(0)
      }),
      { numRuns: 300 },
    )
  })

  it('tells each conclusion once', () => {
    fc.assert(
      fc.property(telemetry, (events) => {
        const ordered = events.toSorted((one, other) => one.observedAt.getTime() - other.observedAt.getTime())
        for (const concluded of [correlate(ordered, stream()), ofFiles(events)]) {
          expect(new Set(concluded.map(({ sourceId }) => sourceId)).size).toBe(concluded.length)
        }
      }),
    )
  })

  it('nothing before its time, whatever a clock of a decky says', () => {
    const now = DAY_START + 3600_000
    const correlator = testCorrelator({ ...STREAM_CORRELATION, now: () => now })
    const future = command('id', { at: 90 * 86_400, decky: 'broken' })
    const events = [login('root', 'x', { at: 3000 }), future, login('root', 'y', { at: 3100 })]
    expect(correlate(events, correlator, false)).toEqual([])
    expect(correlator.losses.late).toBe(0)
  })
})
