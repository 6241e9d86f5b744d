import { setTimeout as delay } from 'node:timers/promises'
import { describeError } from '../../tagging/tolerant-tagger.js'
import { CommandFailure, EXIT } from '../failure.js'
import { stopSignal } from '../stop-signal.js'
import type { Service } from './open-service.js'

/** What runs. */
export interface Running {
  /** What the log says of it once it can be told to stop. */
  readonly shows: Readonly<Record<string, unknown>>
  /** Each resolves when it was told to stop, and rejects when it cannot go on. */
  readonly parts: readonly (Promise<void> | undefined)[]
  /** Takes no more and finishes what there is. */
  readonly end: () => Promise<void>
}

/**
 * Runs until a signal or a message tells it to stop, then ends what was begun. A second signal ends the process at once.
 *
 * @throws CommandFailure where that takes longer than the settings allow; what kept a part from going on
 */
export async function runUntilTold({ config, log }: Service, { shows, parts, end }: Running): Promise<void> {
  using stopping = stopSignal()
  log.info(shows, 'running')
  const told = new Promise<void>((resolve) => {
    stopping.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  let failure: { readonly error: unknown } | undefined
  await Promise.race([told, ...parts.map((part) => part ?? told)]).catch((error: unknown) => {
    failure = { error }
  })
  log.info({ seconds: config.drain_seconds }, 'stopping: what is there is finished first')
  if (!(await isDoneWithin(end(), config.drain_seconds))) {
    const why = failure === undefined ? {} : { error: describeError(failure.error) }
    log.error(
      { seconds: config.drain_seconds, ...why },
      'not everything was finished in time (drain_seconds); it comes again',
    )
    // What is still going on would keep the process.
    setTimeout(() => process.exit(EXIT.failed), LAST_WORDS_MS).unref()
    throw new CommandFailure('', EXIT.failed)
  }
  if (failure !== undefined) throw failure.error
  log.info({}, 'stopped')
}

/** How long what was opened may take to be closed after that, in milliseconds. */
const LAST_WORDS_MS = 500

/** Whether that was so; a process that waits for ever is worse than one that is killed: everything that matters is safe. */
async function isDoneWithin(work: Promise<void>, seconds: number): Promise<boolean> {
  const over = new AbortController()
  const late = delay(seconds * 1000, false, { signal: over.signal }).catch(() => false)
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    over.abort()
  }
}
