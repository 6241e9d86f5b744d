import { expect, it } from 'vitest'
import { DeadLetterPayload } from '../../../src/bus/payloads.js'
import type { BusConformance } from '../bus.js'
import { ACK, probe, publishMany } from './probe.js'

const SUBJECT = 'canary.triggered'
const DEAD = 'deadletter.canary.triggered'

/** What becomes of a message that was handled. */
export function describeOutcomes({ open }: BusConformance): void {
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
      answer: ({ id, deliveries }) => (id === 'slow' && deliveries === 1 ? { kind: 'retry', delayMs: 1500 } : ACK),
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
