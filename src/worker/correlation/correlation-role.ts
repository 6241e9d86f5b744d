import type { ConsumerProgress } from '../../bus/bus.js'
import type { CorrelationOptions } from '../../correlation/correlation-options.js'
import type { IdentityMembership } from '../../correlation/identity-membership.js'
import type { EventPipeline } from '../../pipeline/event-pipeline.js'
import type { Database } from '../../storage/database.js'
import { Lease, LeaseLostError } from '../../storage/lease.js'
import { describeError, type TaggingLog } from '../../tagging/tolerant-tagger.js'
import type { BatchKeeper } from '../batch-keeper.js'
import type { EventJudge } from '../event-judge.js'
import { keepTrying } from '../keep-trying.js'
import { CorrelationRun } from './correlation-run.js'

/** The lease that one worker of a swarm holds, and the name of what it keeps. */
export const CORRELATION = 'correlation'

export interface CorrelationRoleOptions {
  readonly database: Database
  readonly pipeline: EventPipeline
  readonly judge: EventJudge
  readonly keeper: BatchKeeper
  readonly membership: IdentityMembership
  /** Hashes secrets; the same for all workers of a swarm. */
  readonly secretKey: string
  readonly correlation: CorrelationOptions
  /** How far all taggers have come in the stream of events. */
  readonly progress: () => Promise<ConsumerProgress>
  readonly log: TaggingLog
  /** How long the role lasts without a sign of its holder, in milliseconds. */
  readonly leaseDuration?: number
}

/**
 * Correlates the kept events whenever no other worker does. Its holder goes on from what the last one kept; nothing is
 * written by one that only believes to hold the role.
 */
export class CorrelationRole {
  readonly #options: CorrelationRoleOptions
  #run: CorrelationRun | null = null

  constructor(options: CorrelationRoleOptions) {
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
        if (!(error instanceof LeaseLostError)) throw error
        log.warn({ error: describeError(error) }, 'another worker correlates now')
      }
    }
  }

  async #holdOnce(signal: AbortSignal): Promise<void> {
    const { database, leaseDuration, log } = this.#options
    const durations = leaseDuration === undefined ? {} : { duration: leaseDuration }
    const acquire = () => Lease.acquire(database, { name: CORRELATION, signal, ...durations })
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
