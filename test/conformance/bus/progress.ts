import { expect, it } from 'vitest'
import type { BusConformance } from '../bus.js'
import { ACK, gate, numbered, probe, publishMany } from './probe.js'

const SUBJECT = 'canary.triggered'

/** How far a consumer says that it has come. */
export function describeProgress({ open }: BusConformance): void {
  it('gives each message a higher position than those before', async () => {
    await using bus = await open()
    await using all = await probe(bus, SUBJECT)
    await publishMany(bus, SUBJECT, numbered('m', 3))
    await all.seen(3)
    const positions = all.messages.map(({ position }) => position)
    expect(positions).toEqual([...positions].sort((one, other) => one - other))
    expect(new Set(positions).size).toBe(3)
  })

  it('stands before the first message that is not finished, however many behind it are', async () => {
    await using bus = await open()
    const held = gate()
    await using slow = await probe(bus, SUBJECT, {
      durable: 'workers',
      maxInFlight: 5,
      answer: ({ id }) => (id === 'm2' ? held.opened.then(() => ACK) : ACK),
    })
    await publishMany(bus, SUBJECT, numbered('m', 4))
    await slow.seen(4)
    const [first, , , last] = slow.messages.map(({ position }) => position)
    await expect.poll(() => slow.subscription.progress()).toMatchObject({ finishedUntil: first, pending: 1 })
    held.open()
    await expect.poll(() => slow.subscription.progress()).toEqual({ finishedUntil: last, pending: 0 })
  })

  it('does not stand still for messages that it does not read', async () => {
    await using bus = await open()
    await using reader = await probe(bus, SUBJECT, { durable: 'workers' })
    await using other = await probe(bus, 'canary.placed', { durable: 'others' })
    await publishMany(bus, SUBJECT, ['a'])
    await reader.seen(1)
    await publishMany(bus, 'canary.placed', ['b'])
    await other.seen(1)
    const [last] = other.messages.map(({ position }) => position)
    await expect.poll(() => reader.subscription.progress()).toEqual({ finishedUntil: last, pending: 0 })
  })
}
