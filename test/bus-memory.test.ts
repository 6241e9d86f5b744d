import { describe, expect, it } from 'vitest'
import { MemoryBus } from '../src/bus/memory/memory-bus.js'
import { ACK, gate, numbered, probe, publishMany } from './conformance/bus/probe.js'
import { describeBus } from './conformance/bus.js'

describeBus({
  name: 'memory',
  capabilities: { durable: false },
  open: async () => new MemoryBus(),
  reopen: async () => new MemoryBus(),
})

const KILOBYTE = 'x'.repeat(1024)

describe('the memory of the in-process bus', () => {
  it('refuses a message on a durable subject rather than lose one that somebody needs', async () => {
    await using bus = new MemoryBus({ maxStreamBytes: 10_000 })
    const held = gate()
    await using all = await probe(bus, 'canary.*', { answer: () => held.opened.then(() => ACK) })
    const publish = (id: string) => bus.publish({ subject: 'canary.triggered', id, payload: KILOBYTE })
    const answers = await Promise.allSettled(numbered('m', 20).map(publish))
    const refused = answers.filter(({ status }) => status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]).toMatchObject({ reason: { code: 'stream-full', remedy: expect.any(String) } })
    held.open()
    await all.seen(20 - refused.length)
    await expect.poll(() => all.subscription.pending()).toBe(0)
    await publish('later')
    await all.seen(21 - refused.length)
  })

  it('lets the oldest go where nobody needs them, and of what is best effort always', async () => {
    await using bus = new MemoryBus({ maxStreamBytes: 10_000 })
    const held = gate()
    await using _slow = await probe(bus, 'attacker.observed', { answer: () => held.opened.then(() => ACK) })
    for (const id of numbered('m', 50)) {
      await bus.publish({ subject: 'attacker.observed', id, payload: KILOBYTE })
      await bus.publish({ subject: 'canary.triggered', id, payload: KILOBYTE })
    }
    await using signals = await probe(bus, 'attacker.observed', { from: 'all' })
    await using canaries = await probe(bus, 'canary.*', { from: 'all' })
    await expect.poll(() => signals.ids().at(-1)).toBe('m50')
    await expect.poll(() => canaries.ids().at(-1)).toBe('m50')
    expect(signals.messages.length).toBeLessThan(10)
    expect(canaries.messages.length).toBeLessThan(10)
    held.open()
  })

  it('forgets what is older than its stream keeps, and ids after two minutes', async () => {
    let now = Date.parse('2026-01-02T00:00:00Z')
    await using bus = new MemoryBus({ now: () => new Date(now) })
    const publish = (id: string) => bus.publish({ subject: 'attacker.observed', id, payload: id })
    await publish('old')
    now += 3_500_000
    await publish('young')
    await publish('young')
    now += 119_000
    await publish('young')
    now += 1_000
    await publish('young')
    await using all = await probe(bus, 'attacker.observed', { from: 'all' })
    await publish('last')
    await all.seen(3)
    expect(all.ids()).toEqual(['young', 'young', 'last'])
  })

  it('gives each subscriber a payload of its own', async () => {
    await using bus = new MemoryBus()
    const spoil = ({ payload }: { payload: unknown }) => {
      ;(payload as { list: number[] }).list.push(2)
      return ACK
    }
    await using left = await probe(bus, 'ttp.tagged', { answer: spoil })
    await using right = await probe(bus, 'ttp.tagged')
    const payload = { list: [1] }
    await bus.publish({ subject: 'ttp.tagged', id: 'a', payload })
    payload.list.push(3)
    await Promise.all([left.seen(1), right.seen(1)])
    expect(right.messages[0]?.payload).toEqual({ list: [1] })
  })

  it('leaves the process its turn while a handler feeds itself', async () => {
    await using bus = new MemoryBus()
    const stop = new AbortController()
    let published = 0
    await using loop = await probe(bus, 'ttp.tagged', {
      signal: stop.signal,
      answer: async () => {
        await publishMany(bus, 'ttp.tagged', [`m${++published}`])
        return ACK
      },
    })
    await publishMany(bus, 'ttp.tagged', ['start'])
    await new Promise((resolve) => setTimeout(resolve, 5))
    stop.abort()
    await loop.subscription.closed
    expect(loop.messages.length).toBeGreaterThan(0)
  })
})
