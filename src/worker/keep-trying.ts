import { setTimeout as delay } from 'node:timers/promises'
import { BusError, type BusErrorCode } from '../bus/bus-error.js'
import type { DatabaseError } from '../storage/database-error.js'
import { isTransient } from '../storage/transient-error.js'
import { describeError, type TaggingLog } from '../tagging/tolerant-tagger.js'

const FIRST_PAUSE = 100
const LONGEST_PAUSE = 5_000

export interface KeepTryingOptions {
  readonly signal: AbortSignal
  readonly log: TaggingLog
}

/** What a bus says that is away or full for a while. */
const PASSING: ReadonlySet<BusErrorCode> = new Set(['unconfirmed', 'stream-full', 'unreachable'])

/**
 * Does something until database and bus let it: while one of them is away, full or locked, it waits and tries again, so that
 * its caller holds what it has and takes no more. Rejects with any other error, and with the last one when the signal aborts.
 */
export async function keepTrying<Result>(
  work: () => Promise<Result>,
  { signal, log }: KeepTryingOptions,
): Promise<Result> {
  let missing: string | null = null
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    try {
      const result = await work()
      if (missing !== null) log.info({}, `the ${missing} can be used again`)
      return result
    } catch (error) {
      if (!mayPass(error) || signal.aborted) throw error
      missing = error instanceof BusError ? 'bus' : 'database'
      log.warn(
        { error: describeError(error), code: error.code, again_in_ms: pause },
        `the ${missing} cannot be used; waiting for it`,
      )
      await delay(pause, undefined, { signal }).catch(() => {})
    }
  }
}

/** Whether database or bus are only away, full or locked for a while. */
export function mayPass(error: unknown): error is DatabaseError | BusError {
  return isTransient(error) || (error instanceof BusError && PASSING.has(error.code))
}
