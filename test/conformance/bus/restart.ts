import { expect, it } from 'vitest'
import type { BusConformance } from '../bus.js'
import { ACK, gate, numbered, probe, publishMany } from './probe.js'

const SUBJECT = 'canary.triggered'

/** What outlives the process. */
export function describeRestart({ open, reopen, capabilities }: BusConformance): void {
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
