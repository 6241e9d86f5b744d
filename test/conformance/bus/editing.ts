import { expect, it } from 'vitest'
import type { BusConformance } from '../bus.js'
import { numbered, probe, publishMany } from './probe.js'

const SUBJECT = 'canary.triggered'

/** How retained messages are taken out and changed. */
export function describeEditing({ open }: BusConformance): void {
  it('takes messages out, so that nobody is given them', async () => {
    await using bus = await open()
    await publishMany(bus, SUBJECT, numbered('m', 5))
    expect(await bus.edit('upstream', ({ id }) => (id === 'm2' || id === 'm5' ? 'remove' : 'keep'))).toBe(2)
    await using late = await probe(bus, SUBJECT, { from: 'all' })
    await late.seen(3)
    expect(late.ids()).toEqual(['m1', 'm3', 'm4'])
    await expect.poll(() => late.subscription.pending()).toBe(0)
  })

  it('puts another payload in the place of one, at the end', async () => {
    await using bus = await open()
    await publishMany(bus, SUBJECT, ['a', 'b'])
    await bus.edit('upstream', ({ id }) => (id === 'a' ? { payload: { said: 'something else' } } : 'keep'))
    await using late = await probe(bus, SUBJECT, { from: 'all' })
    await late.seen(2)
    expect(late.messages.map(({ payload }) => payload)).toEqual([{ said: 'b' }, { said: 'something else' }])
  })

  it('looks at each message once, and at those of one stream alone', async () => {
    await using bus = await open()
    await publishMany(bus, SUBJECT, numbered('m', 300))
    await publishMany(bus, 'ttp.event.command', ['other'])
    const seen: string[] = []
    await bus.edit('upstream', ({ id, payload }) => {
      seen.push(id)
      return { payload }
    })
    expect(seen).toEqual(numbered('m', 300))
    expect(await bus.edit('deadletter', () => 'remove')).toBe(0)
  })

  it('goes on giving out what comes later to whoever reads already', async () => {
    await using bus = await open()
    await using reader = await probe(bus, SUBJECT, { durable: 'workers', from: 'all' })
    await publishMany(bus, SUBJECT, ['a'])
    await reader.seen(1)
    await bus.edit('upstream', () => 'remove')
    await publishMany(bus, SUBJECT, ['b'])
    await reader.seen(2)
    expect(reader.ids()).toEqual(['a', 'b'])
  })
}
