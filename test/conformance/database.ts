import { describe, expect, it } from 'vitest'
import type { Database, DatabaseTransaction } from '../../src/storage/database.js'
import type { StorageQueries } from '../../src/storage/schema.js'
import { sampleTag, sampleTags } from './tag-samples.js'

export interface DatabaseConformance {
  readonly name: string
  /** Opens an empty database twice; the second handle may be the first where nobody else can open it. */
  open(): Promise<{ readonly first: Database; readonly second: Database }>
}

const SEEN = { first_seen: '2026-01-02T00:00:00.000Z', last_seen: '2026-01-02T00:00:00.000Z', tag_count: 0 }

/** Sees a decky. */
export function addDecky({ queries }: Pick<DatabaseTransaction, 'queries'>, name: string): Promise<unknown> {
  return queries
    .insertInto('ttp_decky')
    .values({ decky_id: name, ...SEEN })
    .execute()
}

export async function deckyNames(queries: StorageQueries): Promise<readonly string[]> {
  const rows = await queries.selectFrom('ttp_decky').select('decky_id').orderBy('decky_id').execute()
  return rows.map((row) => row.decky_id)
}

/** What every backend must hold to beside its tags. */
export function describeDatabase({ name, open }: DatabaseConformance): void {
  describe(`database: ${name}`, () => {
    it('keeps a transaction as a whole, and answers what it answers', async () => {
      const { first, second } = await open()
      await using _first = first
      await using _second = second
      const answer = await first.transact(async (transaction) => {
        await addDecky(transaction, 'one')
        await addDecky(transaction, 'two')
        return 2
      })
      expect(answer).toBe(2)
      expect(await deckyNames(second.queries)).toEqual(['one', 'two'])
    })

    it('undoes a transaction that throws, and throws the same', async () => {
      const { first, second } = await open()
      await using _first = first
      await using _second = second
      const error = new Error('not after all')
      const failing = first.transact(async (transaction) => {
        await addDecky(transaction, 'one')
        throw error
      })
      await expect(failing).rejects.toBe(error)
      expect(await deckyNames(second.queries)).toEqual([])
      expect(await first.tags.insert(sampleTags(2))).toHaveLength(2)
    })

    it('tells of a statement that the database refuses as a DatabaseError', async () => {
      const { first, second } = await open()
      await using _first = first
      await using _second = second
      await addDecky(first, 'one')
      await expect(first.transact((transaction) => addDecky(transaction, 'one'))).rejects.toMatchObject({
        name: 'DatabaseError',
        code: 'failed',
      })
    })

    it('keeps tags that come while a transaction goes on, whatever becomes of that', async () => {
      const { first, second } = await open()
      await using _first = first
      await using _second = second
      let inserted: Promise<unknown> = Promise.resolve()
      const failing = first.transact(async (transaction) => {
        await addDecky(transaction, 'one')
        inserted = first.tags.insert([sampleTag(1, { deckyId: 'two' })])
        await addDecky(transaction, 'three')
        throw new Error('not after all')
      })
      await expect(failing).rejects.toThrow('not after all')
      await inserted
      expect(await deckyNames(second.queries)).toEqual(['two'])
      expect(await second.tags.tagByUuid(sampleTag(1).uuid)).not.toBeNull()
    })

    it('runs transactions of two handles that read and then write one after the other', async () => {
      const { first, second } = await open()
      await using _first = first
      await using _second = second
      await addDecky(first, 'count')
      const increase = ({ queries }: DatabaseTransaction) =>
        queries
          .updateTable('ttp_decky')
          .set((row) => ({ tag_count: row('tag_count', '+', 1) }))
          .execute()
      await Promise.all(Array.from({ length: 40 }, (_, index) => (index % 2 ? first : second).transact(increase)))
      expect(await first.queries.selectFrom('ttp_decky').select('tag_count').execute()).toEqual([{ tag_count: 40 }])
    })

    it('shows one state to a snapshot, which may not write', async () => {
      const { first, second } = await open()
      await using _first = first
      await using _second = second
      await addDecky(first, 'one')
      const seen = await first.snapshot(async (queries) => {
        const before = await deckyNames(queries)
        if (second !== first) await addDecky(second, 'two')
        return [before, await deckyNames(queries)]
      })
      expect(seen).toEqual([['one'], ['one']])
      await expect(first.snapshot((queries) => addDecky({ queries }, 'three'))).rejects.toMatchObject({
        code: 'not-writable',
      })
      await addDecky(first, 'four')
      expect(await deckyNames(first.queries)).toContain('four')
    })

    it('has a clock', async () => {
      const { first, second } = await open()
      await using _first = first
      await using _second = second
      const [earlier, later] = [await first.now(), await second.now()]
      expect(Number.isInteger(earlier.getTime())).toBe(true)
      expect(later.getTime()).toBeGreaterThanOrEqual(earlier.getTime())
      await first.tags.insert([sampleTag(1)])
      const { createdAt } = (await first.tags.tagByUuid(sampleTag(1).uuid))!
      expect(createdAt.getTime()).toBeGreaterThanOrEqual(later.getTime())
      expect(createdAt.getTime()).toBeLessThanOrEqual((await first.now()).getTime())
    })

    it('counts in numbers', async () => {
      const { first, second } = await open()
      await using _first = first
      await using _second = second
      await first.tags.insert(sampleTags(3))
      const counted = await first.queries
        .selectFrom('ttp_attacker')
        .select(({ fn }) => [fn.countAll().as('attackers'), fn.sum('tag_count').as('tags')])
        .executeTakeFirst()
      expect(counted).toEqual({ attackers: 1, tags: 3 })
    })
  })
}
