import { describe, expect, it } from 'vitest'
import type { Bus, BusCapabilities } from '../../src/bus/bus.js'
import { DeadLetterPayload } from '../../src/bus/payloads.js'
import { SubjectError } from '../../src/bus/subject-token.js'
import { ACK, gate, numbered, probe, publishMany } from './bus-probe.js'

export interface BusConformance {
  readonly name: string
  readonly capabilities: Pick<BusCapabilities, 'durable'>
  /** A bus that holds nothing yet. */
  open(): Promise<Bus>
  /** What another process, or this one after a restart, sees of the bus that was opened last. */
  reopen(): Promise<Bus>
}

const SUBJECT = 'canary.triggered'
const DEAD = 'deadletter.canary.triggered'

/** What every backend must hold to. */
export function describeBus(conformance: BusConformance): void {
  describe(`bus: ${conformance.name}`, () => {
    describePublishing(conformance)
    describeSharing(conformance)
    describeOutcomes(conformance)
    describeClosing(conformance)
    describeRestart(conformance)
  })
}

function describePublishing({ open, capabilities }: BusConformance): void {
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

function describeSharing({ open }: BusConformance): void {
  it('gives each subscriber of its own every message', async () => {
    await using bus = await open()
    await using left = await probe(bus, SUBJECT)
    await using right = await probe(bus, SUBJECT)
    await publishMany(bus, SUBJECT, numbered('m', 10))
    await Promise.all([left.seen(10), right.seen(10)])
    expect(left.ids()).toEqual(numbered('m', 10))
    expect(right.ids()).toEqual(numbered('m', 10))
  })

  it('gives each message of a durable consumer to one of its members, and each member its share', async () => {
    await using bus = await open()
    const both = gate()
    const held = () => both.opened.then(() => ACK)
    await using left = await probe(bus, SUBJECT, { durable: 'workers', answer: held })
    await using right = await probe(bus, SUBJECT, { durable: 'workers', answer: held })
    await publishMany(bus, SUBJECT, numbered('m', 10))
    await Promise.all([left.seen(1), right.seen(1)])
    both.open()
    await expect.poll(() => left.messages.length + right.messages.length).toBe(10)
    await expect.poll(() => left.subscription.pending()).toBe(0)
    expect([...left.ids(), ...right.ids()].sort()).toEqual([...numbered('m', 10)].sort())
  })

  it('keeps the place of a durable consumer while nobody is there', async () => {
    await using bus = await open()
    const first = await probe(bus, SUBJECT, { durable: 'workers' })
    await publishMany(bus, SUBJECT, ['a', 'b'])
    await first.seen(2)
    await first.subscription.close()
    await publishMany(bus, SUBJECT, ['c', 'd'])
    await using again = await probe(bus, SUBJECT, { durable: 'workers' })
    await again.seen(2)
    await publishMany(bus, SUBJECT, ['e'])
    await again.seen(3)
    expect(again.ids()).toEqual(['c', 'd', 'e'])
  })

  it('begins with new messages, or with all that are retained', async () => {
    await using bus = await open()
    await publishMany(bus, SUBJECT, ['before'])
    await using onlyNew = await probe(bus, SUBJECT)
    await using all = await probe(bus, SUBJECT, { from: 'all' })
    await using durable = await probe(bus, SUBJECT, { from: 'all', durable: 'late' })
    await publishMany(bus, SUBJECT, ['after'])
    await Promise.all([onlyNew.seen(1), all.seen(2), durable.seen(2)])
    expect(onlyNew.ids()).toEqual(['after'])
    expect(all.ids()).toEqual(['before', 'after'])
    expect(durable.ids()).toEqual(['before', 'after'])
  })

  it('does not let one name stand for two patterns', async () => {
    await using bus = await open()
    await using _first = await probe(bus, 'canary.a', { durable: 'workers' })
    await expect(bus.subscribe('canary.b', () => ACK, { durable: 'workers' })).rejects.toMatchObject({
      code: 'consumer-mismatch',
      message: expect.stringContaining('workers'),
    })
    await using _otherStream = await probe(bus, 'ttp.tagged', { durable: 'workers' })
  })

  it('handles no more at once than a subscriber wants', async () => {
    await using bus = await open()
    let running = 0
    let most = 0
    await using all = await probe(bus, SUBJECT, {
      maxInFlight: 3,
      answer: async () => {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 5))
        running--
        return ACK
      },
    })
    await Promise.all(numbered('m', 30).map((id) => bus.publish({ subject: SUBJECT, id, payload: 0 })))
    await all.seen(30)
    expect(most).toBe(3)
  })

  it('lets handlers wait for each other, so that they can share a commit', async () => {
    await using bus = await open()
    const batch = gate()
    let waiting = 0
    await using all = await probe(bus, SUBJECT, {
      maxInFlight: 25,
      answer: () => {
        if (++waiting === 25) batch.open()
        return batch.opened.then(() => ACK)
      },
    })
    await Promise.all(numbered('m', 25).map((id) => bus.publish({ subject: SUBJECT, id, payload: 0 })))
    await batch.opened
    await expect.poll(() => all.subscription.pending()).toBe(0)
    expect(all.messages).toHaveLength(25)
  })

  it('counts what a consumer has still to finish', async () => {
    await using bus = await open()
    const held = gate()
    await using all = await probe(bus, SUBJECT, { answer: () => held.opened.then(() => ACK) })
    await publishMany(bus, SUBJECT, numbered('m', 3))
    await publishMany(bus, 'canary.placed', ['other'])
    await all.seen(1)
    expect(await all.subscription.pending()).toBe(3)
    held.open()
    await expect.poll(() => all.subscription.pending()).toBe(0)
  })
}

function describeOutcomes({ open }: BusConformance): void {
  it('gives a message again when its handler asks for it, to the same consumer only', async () => {
    await using bus = await open()
    await using bystander = await probe(bus, SUBJECT)
    await using retrying = await probe(bus, SUBJECT, {
      answer: ({ deliveries }) => (deliveries < 3 ? { kind: 'retry', delayMs: 20 } : ACK),
    })
    await publishMany(bus, SUBJECT, ['a'])
    await retrying.seen(3)
    expect(retrying.messages.map(({ deliveries }) => deliveries)).toEqual([1, 2, 3])
    await expect.poll(() => retrying.subscription.pending()).toBe(0)
    expect(bystander.ids()).toEqual(['a'])
  })

  it('goes on with other messages while one waits for its retry', async () => {
    await using bus = await open()
    await using all = await probe(bus, SUBJECT, {
      answer: ({ id, deliveries }) => (id === 'slow' && deliveries === 1 ? { kind: 'retry', delayMs: 300 } : ACK),
    })
    await publishMany(bus, SUBJECT, ['slow', 'quick'])
    await all.seen(3)
    expect(all.ids()).toEqual(['slow', 'quick', 'slow'])
  })

  it('takes a handler that throws as one that wants a retry', async () => {
    await using bus = await open()
    await using all = await probe(bus, SUBJECT, {
      answer: ({ deliveries }) => {
        if (deliveries === 1) throw new Error('not now')
        return deliveries === 2 ? Promise.reject(new Error('still not')) : ACK
      },
    })
    await publishMany(bus, SUBJECT, ['a'])
    await all.seen(3)
    await expect.poll(() => all.subscription.pending()).toBe(0)
  })

  it('puts a terminated message among the dead letters, with the reason, and never gives it again', async () => {
    await using bus = await open()
    await using dead = await probe(bus, DEAD)
    await using all = await probe(bus, SUBJECT, {
      durable: 'workers',
      answer: ({ id }) => (id === 'bad' ? { kind: 'terminate', reason: 'no such token' } : ACK),
    })
    await publishMany(bus, SUBJECT, ['bad', 'good'])
    await dead.seen(1)
    await all.seen(2)
    await expect.poll(() => all.subscription.pending()).toBe(0)
    expect(all.ids()).toEqual(['bad', 'good'])
    expect(DeadLetterPayload.parse(dead.messages[0]?.payload)).toEqual({
      subject: SUBJECT,
      id: 'bad',
      consumer: 'workers',
      reason: 'no such token',
      deliveries: 1,
      published_at: all.messages[0]?.publishedAt.toISOString(),
      payload: { said: 'bad' },
      payload_bytes: 14,
    })
  })

  it('gives up on a message after its last delivery', async () => {
    await using bus = await open()
    await using dead = await probe(bus, DEAD)
    await using all = await probe(bus, SUBJECT, {
      maxDeliveries: 3,
      answer: () => {
        throw new RangeError('poison')
      },
    })
    await publishMany(bus, SUBJECT, ['a'])
    await dead.seen(1)
    expect(all.messages).toHaveLength(3)
    expect(dead.messages[0]?.payload).toMatchObject({
      reason: 'gave up after 3 deliveries: the handler failed: RangeError: poison',
      deliveries: 3,
      consumer: null,
    })
  })

  it('keeps the largest message whole as a dead letter', async () => {
    await using bus = await open()
    await using dead = await probe(bus, DEAD)
    await using _all = await probe(bus, SUBJECT, { answer: () => ({ kind: 'terminate', reason: '"'.repeat(900) }) })
    const payload = 'x'.repeat(bus.capabilities.maxPayloadBytes - 2)
    await bus.publish({ subject: SUBJECT, id: 'i'.repeat(200), payload })
    await dead.seen(1)
    expect(dead.messages[0]?.payload).toMatchObject({ payload, payload_bytes: payload.length + 2 })
  })

  it('makes no dead letter of a dead letter', async () => {
    await using bus = await open()
    await using dead = await probe(bus, 'deadletter.>', { answer: () => ({ kind: 'terminate', reason: 'enough' }) })
    await using _all = await probe(bus, SUBJECT, { answer: () => ({ kind: 'terminate', reason: 'bad' }) })
    await publishMany(bus, SUBJECT, ['a', 'b'])
    await dead.seen(2)
    await expect.poll(() => dead.subscription.pending()).toBe(0)
    expect(dead.messages.map(({ subject }) => subject)).toEqual([DEAD, DEAD])
  })
}

function describeClosing({ open }: BusConformance): void {
  it('waits for the handlers that run, keeps what they answer and gives them nothing more', async () => {
    await using bus = await open()
    const held = gate()
    const leaving = await probe(bus, SUBJECT, {
      durable: 'workers',
      maxInFlight: 2,
      answer: () => held.opened.then(() => ACK),
    })
    await publishMany(bus, SUBJECT, numbered('m', 5))
    await leaving.seen(2)
    let isClosed = false
    const closing = leaving.subscription.close().then(() => {
      isClosed = true
    })
    await publishMany(bus, SUBJECT, ['m6'])
    expect(isClosed).toBe(false)
    held.open()
    await closing
    await using staying = await probe(bus, SUBJECT, { durable: 'workers' })
    await staying.seen(4)
    expect(leaving.ids()).toEqual(['m1', 'm2'])
    expect([...staying.ids()].sort()).toEqual(['m3', 'm4', 'm5', 'm6'])
  })

  it('closes a subscription when its signal aborts', async () => {
    await using bus = await open()
    const stop = new AbortController()
    const stopping = await probe(bus, SUBJECT, { signal: stop.signal })
    await using going = await probe(bus, SUBJECT)
    await publishMany(bus, SUBJECT, ['a'])
    await stopping.seen(1)
    stop.abort()
    await stopping.subscription.closed
    await publishMany(bus, SUBJECT, ['b'])
    await going.seen(2)
    expect(stopping.ids()).toEqual(['a'])
  })

  it('ends a subscription at once whose signal has aborted before', async () => {
    await using bus = await open()
    const never = await probe(bus, SUBJECT, { signal: AbortSignal.abort() })
    await never.subscription.closed
    await publishMany(bus, SUBJECT, ['a'])
    expect(never.messages).toEqual([])
  })

  it('lets handlers publish until they are done, then refuses everything', async () => {
    const bus = await open()
    const held = gate()
    let published: unknown
    const all = await probe(bus, SUBJECT, {
      answer: async () => {
        await held.opened
        published = await bus.publish({ subject: 'ttp.tagged', id: 'a', payload: 0 }).then(() => 'stored', String)
        return ACK
      },
    })
    await publishMany(bus, SUBJECT, ['a'])
    await all.seen(1)
    const closing = bus.close()
    await expect(bus.subscribe(SUBJECT, () => ACK)).rejects.toMatchObject({ name: 'BusClosedError', code: 'closed' })
    held.open()
    await closing
    expect(published).toBe('stored')
    await all.subscription.closed
    await expect(bus.publish({ subject: SUBJECT, id: 'b', payload: 0 })).rejects.toMatchObject({
      name: 'BusClosedError',
      code: 'closed',
      remedy: expect.any(String),
    })
    await expect(bus.close()).resolves.toBeUndefined()
  })
}

function describeRestart({ open, reopen, capabilities }: BusConformance): void {
  it.runIf(capabilities.durable)('keeps messages and the places of durable consumers beyond the process', async () => {
    const before = await open()
    const worker = await probe(before, SUBJECT, { durable: 'workers' })
    await publishMany(before, SUBJECT, ['a', 'b'])
    await worker.seen(2)
    await worker.subscription.close()
    await publishMany(before, SUBJECT, ['c'])
    await before.close()
    await using after = await reopen()
    await publishMany(after, SUBJECT, ['c', 'd'])
    await using again = await probe(after, SUBJECT, { durable: 'workers' })
    await again.seen(2)
    expect(again.ids()).toEqual(['c', 'd'])
  })

  it.runIf(capabilities.durable)('shares a durable consumer between processes', async () => {
    await using here = await open()
    await using there = await reopen()
    const held = gate()
    const answer = () => held.opened.then(() => ACK)
    await using left = await probe(here, SUBJECT, { durable: 'workers', answer })
    await using right = await probe(there, SUBJECT, { durable: 'workers', answer })
    await publishMany(here, SUBJECT, numbered('m', 6))
    await Promise.all([left.seen(1), right.seen(1)])
    held.open()
    await expect.poll(() => [...left.ids(), ...right.ids()].sort()).toEqual(numbered('m', 6))
  })

  it.runIf(!capabilities.durable)('holds nothing beyond the process', async () => {
    const before = await open()
    await publishMany(before, SUBJECT, ['a'])
    await before.close()
    await using after = await reopen()
    await using all = await probe(after, SUBJECT, { from: 'all' })
    await publishMany(after, SUBJECT, ['a', 'b'])
    await all.seen(2)
    expect(all.ids()).toEqual(['a', 'b'])
  })
}
