import { CORRELATION_JOB } from '../../storage/swarm/jobs.js'
import { Lease, LeaseLostError } from '../../storage/swarm/lease.js'
import { describeError } from '../../tagging/tolerant-tagger.js'
import { keepTrying, mayPass } from '../keep-trying.js'
import type { CorrelationParts } from './correlation-parts.js'
import { CorrelationRun } from './correlation-run.js'

/**
 * Correlates the kept events whenever no other worker does. Its holder goes on from what the last one kept; nothing is
 * written by one that only believes to hold the role.
 */
export class CorrelationRole {
  readonly #options: CorrelationParts
  #run: CorrelationRun | null = null

  constructor(options: CorrelationParts) {
    this.#options = options
  }

  /** Whether this process correlates now. */
  get isHeld(): boolean {
    return this.#run !== null
  }

  /** Kept events that were not correlated yet, where this process does it; else 0. */
  async lag(): Promise<number> {
    return (await this.#run?.lag()) ?? 0
  }

  /** Reckoned memory of what is being correlated here, in bytes. */
  get bytes(): number {
    return this.#run?.bytes ?? 0
  }

  /** Takes the role whenever it is free, until the signal aborts; then keeps what is unfinished and gives it up. */
  async hold(signal: AbortSignal): Promise<void> {
    const { log } = this.#options
    while (!signal.aborted) {
      try {
        await this.#holdOnce(signal)
      } catch (error) {
        if (signal.aborted) return
        const isLost = error instanceof LeaseLostError
        if (!isLost && !mayPass(error)) throw error
        const what = isLost
          ? 'another worker correlates now'
          : 'correlation was interrupted; it goes on where it stopped'
        log.warn({ error: describeError(error) }, what)
      }
    }
  }

  async #holdOnce(signal: AbortSignal): Promise<void> {
    const { database, leaseDuration: duration, log } = this.#options
    const acquire = () => Lease.acquire(database, { name: CORRELATION_JOB, signal, duration })
    await using lease = await keepTrying(acquire, { signal, log })
    log.info({ epoch: lease.epoch }, 'this worker correlates now')
    this.#run = new CorrelationRun({ ...this.#options, lease })
    try {
      await this.#run.go(signal)
    } finally {
      this.#run = null
    }
  }
}
