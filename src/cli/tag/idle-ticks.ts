import { setTimeout as delay } from 'node:timers/promises'

/** A stream in which nothing comes for so long lets event time pass by as much, in milliseconds. */
export const IDLE_TICK = 15_000

const IDLE = Symbol('idle')

/** The items of a stream as they come, and in between a null each time that none came for so long, in milliseconds. */
export async function* withIdleTicks<Item>(items: AsyncIterable<Item>, interval: number): AsyncGenerator<Item | null> {
  const iterator = items[Symbol.asyncIterator]()
  let isWaiting = true
  try {
    for (let next = iterator.next(); ; ) {
      const stop = new AbortController()
      const idle = delay(interval, IDLE, { signal: stop.signal, ref: false }).catch(() => IDLE)
      const first = await Promise.race([next, idle])
      stop.abort()
      if (typeof first === 'symbol') yield null
      else if (first.done === true) return
      else {
        isWaiting = false
        yield first.value
        isWaiting = true
        next = iterator.next()
      }
    }
  } finally {
    const end = iterator.return?.()
    // Where an item is still waited for, the end would wait for it too.
    if (!isWaiting) await end
  }
}
