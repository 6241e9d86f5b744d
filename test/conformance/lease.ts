import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openDatabase } from '../../src/app.js'
import type { Database } from '../../src/storage/database.js'
import { Lease, LeaseLostError } from '../../src/storage/swarm/lease.js'
import { until } from '../support/rule-changes.js'

const NAME = 'role'

/** What holds for roles that one process of a swarm has at a time, on every database. */
export function describeLease({ createUrl }: { createUrl: () => Promise<string> }): void {
  it('is held by one at a time, and goes on to the next under a higher epoch', async () => {
    await using databases = await openTwo(createUrl)
    const { one, other } = databases
    const first = await Lease.acquire(one, { name: NAME, duration: 60_000 })
    let second: Lease | undefined
    const waiting = Lease.acquire(other, { name: NAME, duration: 300 }).then((lease) => {
      second = lease
    })
    await delay(200)
    expect(second).toBeUndefined()
    await first[Symbol.asyncDispose]()
    await until(
      () => second !== undefined,
      () => 'the role that was given up was not taken',
    ).catch(() => {})
    await Promise.race([waiting, delay(7000)])
    expect(second?.epoch).toBeGreaterThan(first.epoch)
    await second?.[Symbol.asyncDispose]()
  })

  it('is renewed while its holder lives', async () => {
    await using databases = await openTwo(createUrl)
    const { one, other } = databases
    await using lease = await Lease.acquire(one, { name: NAME, duration: 600 })
    await expect(
      Lease.acquire(other, { name: NAME, duration: 600, signal: AbortSignal.timeout(1800) }),
    ).rejects.toThrow()
    await one.transact(lease.guard)
  })

  it('lets nobody write who has lost it without knowing', async () => {
    await using databases = await openTwo(createUrl)
    const { one, other } = databases
    const paused = await Lease.acquire(one, { name: NAME, duration: 60_000 })
    // As if its holder had stood still for longer than the lease lasts.
    await other.queries
      .updateTable('ttp_lease')
      .set({ expires_at: new Date(0).toISOString() })
      .execute()
    await using successor = await Lease.acquire(other, { name: NAME, duration: 60_000 })
    await expect(one.transact(paused.guard)).rejects.toBeInstanceOf(LeaseLostError)
    expect(paused.lost.aborted).toBe(true)
    await other.transact(successor.guard)
    await paused[Symbol.asyncDispose]()
    await other.transact(successor.guard)
  })

  it('ends its waiting with the signal', async () => {
    await using databases = await openTwo(createUrl)
    const { one, other } = databases
    await using _lease = await Lease.acquire(one, { name: NAME, duration: 60_000 })
    const controller = new AbortController()
    const waiting = Lease.acquire(other, { name: NAME, duration: 60_000, signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow()
  })
}

async function openTwo(createUrl: () => Promise<string>) {
  const url = await createUrl()
  const [one, other] = [await openDatabase(url), await openDatabase(url)] as [Database, Database]
  return {
    one,
    other,
    async [Symbol.asyncDispose]() {
      await one.close()
      await other.close()
    },
  }
}
