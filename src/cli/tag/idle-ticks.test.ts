import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { withIdleTicks } from './idle-ticks.js'

async function* items(...steps: readonly (number | string)[]): AsyncGenerator<string> {
  for (const step of steps) {
    if (typeof step === 'number') await delay(step)
    else yield step
  }
}

describe('withIdleTicks', () => {
  it('gives all items in order, and a tick where none comes', async () => {
    const seen: (string | null)[] = []
    for await (const item of withIdleTicks(items('a', 'b', 120, 'c'), 40)) seen.push(item)
    expect(seen.filter((item) => item !== null)).toEqual(['a', 'b', 'c'])
    expect(seen.indexOf(null)).toBe(2)
    expect(seen.at(-1)).toBe('c')
  })

  it('hands on a failure', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield 'a'
      throw new Error('torn')
    }
    const readAll = async () => {
      for await (const item of withIdleTicks(broken(), 1000)) expect(item).toBe('a')
    }
    await expect(readAll()).rejects.toThrow('torn')
  })

  it('does not wait for an item that nobody wants any more', async () => {
    for await (const item of withIdleTicks(items('a', 60_000), 20)) if (item === null) break
  })
})
