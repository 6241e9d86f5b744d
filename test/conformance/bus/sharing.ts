import { expect, it } from 'vitest'
import type { BusConformance } from '../bus.js'
import { ACK, gate, numbered, probe, publishMany } from './probe.js'

const SUBJECT = 'canary.triggered'

/** Who gets which messages, and how many at once. */
export function describeSharing({ open }: BusConformance): void {
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
