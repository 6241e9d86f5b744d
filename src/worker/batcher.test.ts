import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Batcher, type BatcherOptions } from './batcher.js'

function recording(options: Partial<BatcherOptions<number>> = {}) {
  const batches: (readonly number[])[] = []
  const batcher = new Batcher<number>({
    sizeOf: () => 1,
    mayBePoison: () => false,
    keep: async (items) => {
      batches.push(items)
    },
    ...options,
  })
  return { batches, batcher }
}

describe('Batcher', () => {
  it('gathers what comes within its patience', async () => {
    const { batches, batcher } = recording()
    await Promise.all([1, 2, 3].map((item) => batcher.add(item)))
    expect(batches).toEqual([[1, 2, 3]])
  })

  it('does not wait with a full batch', async () => {
    const { batches, batcher } = recording({ linger: 1e9, fullSize: 2 })
    await Promise.all([1, 2, 3, 4].map((item) => batcher.add(item)))
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ])
  })

  it('takes an item that is larger than a batch alone', async () => {
    const { batches, batcher } = recording({ fullSize: 10, sizeOf: (item) => item })
    await Promise.all([3, 50, 4].map((item) => batcher.add(item)))
    expect(batches).toEqual([[3], [50], [4]])
  })

  it('finds the item that cannot be kept, and keeps all others', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(99), { minLength: 1 }), fc.func(fc.boolean()), async (items, isPoison) => {
        const kept: number[] = []
        const { batcher } = recording({
          mayBePoison: () => true,
          linger: 0,
          keep: async (batch) => {
            if (batch.some((item) => isPoison(item))) throw new Error('poison')
            kept.push(...batch)
          },
        })
        const outcomes = await Promise.allSettled(items.map((item) => batcher.add(item)))
        expect(outcomes.map(({ status }) => status === 'rejected')).toEqual(items.map((item) => isPoison(item)))
        expect(kept).toEqual(items.filter((item) => !isPoison(item)))
      }),
    )
  })

  it('fails a batch as a whole where no single item can be at fault', async () => {
    const gone = new Error('the database is away')
    const { batcher } = recording({ keep: () => Promise.reject(gone) })
    const outcomes = await Promise.allSettled([1, 2].map((item) => batcher.add(item)))
    expect(outcomes).toEqual([1, 2].map(() => ({ status: 'rejected', reason: gone })))
  })

  it('keeps no more batches at once than it may, and drains to the end', async () => {
    let running = 0
    let most = 0
    const kept: number[] = []
    const { batcher } = recording({
      fullSize: 1,
      mostAtOnce: 2,
      keep: async (items) => {
        most = Math.max(most, ++running)
        await delay(1)
        kept.push(...items)
        running--
      },
    })
    for (let item = 0; item < 20; item++) void batcher.add(item)
    await batcher.drain()
    expect(kept.sort((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, index) => index))
    expect(most).toBe(2)
  })
})
