import { expect, it } from 'vitest'
import { SubjectError } from '../../../src/bus/subject-token.js'
import type { BusConformance } from '../bus.js'
import { ACK, numbered, probe, publishMany } from './probe.js'

const SUBJECT = 'canary.triggered'

/** What a publisher may rely on, and what is refused. */
export function describePublishing({ open, capabilities }: BusConformance): void {
  it('says what it can do', async () => {
    await using bus = await open()
    expect(bus.capabilities.durable).toBe(capabilities.durable)
    expect(bus.capabilities.maxPayloadBytes).toBeGreaterThan(500_000)
  })

  it('gives a message as it was published, in order', async () => {
    await using bus = await open()
    await using all = await probe(bus, 'canary.*')
    const payload = { text: 'ü\u0000\u2028"', list: [1.5, null, true], nested: { a: [] } }
    await bus.publish({ subject: SUBJECT, id: 'first', payload })
    await publishMany(bus, SUBJECT, numbered('m', 20))
    await all.seen(21)
    expect(all.messages[0]).toEqual({
      subject: SUBJECT,
      id: 'first',
      payload,
      deliveries: 1,
      position: expect.any(Number),
      publishedAt: expect.any(Date),
    })
    expect(all.ids().slice(1)).toEqual(numbered('m', 20))
  })

  it('stores a repeated id once for each subject', async () => {
    await using bus = await open()
    await using all = await probe(bus, 'ttp.rule.*.*')
    const rule = (kind: string) => ({ subject: `ttp.rule.${kind}.R0001`, id: '7', payload: kind })
    await Promise.all([rule('state'), rule('state'), rule('reloaded'), rule('state')].map((one) => bus.publish(one)))
    await bus.publish(rule('reloaded'))
    await bus.publish({ ...rule('reloaded'), id: 'last' })
    await all.seen(3)
    expect(all.messages.map(({ subject, id }) => `${subject} ${id}`).sort()).toEqual([
      'ttp.rule.reloaded.R0001 7',
      'ttp.rule.reloaded.R0001 last',
      'ttp.rule.state.R0001 7',
    ])
  })

  it('refuses a payload that is too large, by its bytes, and takes the largest', async () => {
    await using bus = await open()
    await using all = await probe(bus, SUBJECT)
    const { maxPayloadBytes } = bus.capabilities
    const largest = 'ü'.repeat(maxPayloadBytes / 2 - 1)
    await bus.publish({ subject: SUBJECT, id: 'largest', payload: largest })
    await expect(bus.publish({ subject: SUBJECT, id: 'larger', payload: `${largest}x` })).rejects.toMatchObject({
      code: 'too-large',
      message: `a message on ${SUBJECT} has ${maxPayloadBytes + 1} bytes; this bus takes ${maxPayloadBytes}`,
    })
    await all.seen(1)
    expect(all.messages[0]?.payload).toBe(largest)
  })

  it.each([
    ['a subject with a wildcard', { subject: 'canary.*' }, { name: SubjectError.name }],
    ['a subject with a space', { subject: 'canary.a b' }, { name: SubjectError.name }],
    ['a subject that no stream keeps', { subject: 'orders.created' }, { code: 'no-stream' }],
    ['an empty id', { id: '' }, { code: 'bad-message' }],
    ['an id that would end its header', { id: 'a\r\nNats-Rollup: all' }, { code: 'bad-message' }],
    ['no payload', { payload: undefined }, { code: 'bad-message' }],
    ['a payload that is no JSON', { payload: 1n }, { code: 'bad-message' }],
  ])('refuses %s', async (_what, changes, error) => {
    await using bus = await open()
    await expect(bus.publish({ subject: SUBJECT, id: 'a', payload: 1, ...changes })).rejects.toMatchObject(error)
  })

  it.each([
    ['a pattern with a wildcard inside a token', 'canary.a*', {}, { name: SubjectError.name }],
    ['a pattern across streams', 'attacker.>', {}, { code: 'no-stream' }],
    ['a durable name with a dot', SUBJECT, { durable: 'a.b' }, { code: 'bad-option' }],
    ['no message in flight', SUBJECT, { maxInFlight: 0 }, { code: 'bad-option' }],
    ['no delivery', SUBJECT, { maxDeliveries: Number.NaN }, { code: 'bad-option' }],
  ])('refuses to subscribe with %s', async (_what, pattern, options, error) => {
    await using bus = await open()
    await expect(bus.subscribe(pattern, () => ACK, options)).rejects.toMatchObject(error)
  })

  it.each([
    ['canary.*', ['canary.a', 'canary.b']],
    ['canary.>', ['canary.a', 'canary.b', 'canary.a.b', 'canary.b.b.c']],
    ['canary.*.b', ['canary.a.b']],
    ['canary.*.>', ['canary.a.b', 'canary.b.b.c']],
    ['canary.a', ['canary.a']],
  ])('gives a subscriber of %s what matches', async (pattern, expected) => {
    await using bus = await open()
    await using all = await probe(bus, pattern)
    for (const subject of ['canary.a', 'canary.b', 'canary.a.b', 'canary.b.b.c']) {
      await bus.publish({ subject, id: 'x', payload: 0 })
    }
    await all.seen(expected.length)
    await all.subscription.close()
    expect(all.messages.map(({ subject }) => subject)).toEqual(expected)
  })
}
