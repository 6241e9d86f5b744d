import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../src/storage/database.js'
import { openPostgresDatabase } from '../src/storage/postgres/open-postgres-database.js'
import { announceDecky } from './conformance/change-signal.js'
import { deckyNames } from './conformance/database.js'
import { sampleTags } from './conformance/tag-samples.js'
import { Calls } from './support/calls.js'
import { OwnPostgresServer } from './support/own-postgres-server.js'

let server: OwnPostgresServer
let first: Database
let second: Database

beforeAll(async () => {
  server = await OwnPostgresServer.start()
  first = await openPostgresDatabase(server.url)
  second = await openPostgresDatabase(server.url)
})
afterAll(async () => {
  await first.close()
  await second.close()
  await server[Symbol.asyncDispose]()
})

describe('a server that is stopped and started again', () => {
  it.each(['fast', 'crash'] as const)('takes the next batch, and has all that it answered for (%s)', async (how) => {
    const before = (await count(first)) + 1
    await first.tags.insert(sampleTags(100, before))
    await server.stop(how)
    await expect(first.tags.insert(sampleTags(200, before))).rejects.toMatchObject({ code: 'unreachable' })
    await expect(first.now()).rejects.toMatchObject({ code: 'unreachable' })
    await server.resume()
    expect(await first.tags.insert(sampleTags(200, before))).toHaveLength(100)
    expect(await count(second)).toBe(before + 199)
  })

  it('loses no batch that comes while it stops', async () => {
    const start = (await count(first)) + 1
    let answered = 0
    const filling = (async () => {
      for (let at = start; ; at += 50) answered += (await first.tags.insert(sampleTags(50, at))).length
    })()
    while (answered < 500) await second.now()
    await Promise.all([server.stop(), expect(filling).rejects.toMatchObject({ name: 'DatabaseError' })])
    await server.resume()
    const kept = (await count(first)) - start + 1
    expect(kept).toBeGreaterThanOrEqual(answered)
    expect(kept % 50).toBe(0)
  })

  it('wakes who listens, since something may have changed meanwhile', async () => {
    const calls = new Calls()
    await using _listening = await first.changes.listen('deckies', calls.count)
    await server.stop()
    await server.resume()
    await calls.reach(1)
    await announceDecky(second, 'after')
    await calls.reach(2)
    expect(await deckyNames(first.queries)).toContain('after')
  })

  it('does not keep a listener that is closed meanwhile', async () => {
    const calls = new Calls()
    const listening = await first.changes.listen('deckies', calls.count)
    await server.stop('crash')
    await listening[Symbol.asyncDispose]()
    await server.resume()
    await announceDecky(second, 'later')
    expect(calls.made).toBe(0)
  })
})

async function count({ queries }: Database): Promise<number> {
  const counted = queries.selectFrom('ttp_tag').select((row) => row.fn.countAll<number>().as('tags'))
  return (await counted.executeTakeFirstOrThrow()).tags
}
