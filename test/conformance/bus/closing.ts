import { expect, it } from 'vitest'
import type { BusConformance } from '../bus.js'
import { ACK, gate, numbered, probe, publishMany } from './probe.js'

const SUBJECT = 'canary.triggered'

/** How a subscription and a bus end. */
export function describeClosing({ open }: BusConformance): void {
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
