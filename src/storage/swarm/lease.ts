import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Database, DatabaseTransaction } from '../database.js'

/** How long a lease lasts unless it is renewed, in milliseconds. */
const DEFAULT_DURATION = 15_000

/** Someone else holds the lease now: whatever its former holder still wants to write must not be written. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'

  constructor(name: string) {
    super(`the lease '${name}' is held by another process now`)
  }
}

export interface LeaseOptions {
  /** Which role: one process holds it at a time. */
  readonly name: string
  /** How long it lasts unless renewed, in milliseconds; renewed three times as often. Default 15 seconds. */
  readonly duration?: number | undefined
  /** Ends the waiting. */
  readonly signal?: AbortSignal
}

/**
 * A role that one process of a swarm holds at a time, by the database's clock. It is renewed by itself; should the holder
 * die or stand still for longer than it lasts, another takes over under a higher epoch. `guard` makes sure that nothing is
 * written by one who only believes to hold it.
 */
export class Lease implements AsyncDisposable {
  readonly name: string
  /** Higher than that of every holder before. */
  readonly epoch: number
  readonly #database: Database
  readonly #holder: string
  readonly #duration: number
  readonly #renewal: NodeJS.Timeout
  readonly #lost = new AbortController()

  private constructor(database: Database, parts: { name: string; holder: string; epoch: number; duration: number }) {
    this.#database = database
    this.name = parts.name
    this.epoch = parts.epoch
    this.#holder = parts.holder
    this.#duration = parts.duration
    this.#renewal = setInterval(() => void this.#renew(), parts.duration / 3).unref()
  }

  /** Waits until the role is free. Rejects with the signal's reason if that is aborted before. */
  static async acquire(database: Database, options: LeaseOptions): Promise<Lease> {
    const { name, duration = DEFAULT_DURATION, signal } = options
    const holder = randomUUID()
    for (;;) {
      signal?.throwIfAborted()
      const epoch = await database.transact((transaction) => tryAcquire(transaction, { name, holder, duration }))
      if (epoch !== null) return new Lease(database, { name, holder, epoch, duration })
      await delay(duration / 10, undefined, { signal })
    }
  }

  /** Aborted when another holds the lease. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /**
   * To be called first in every transaction of the role.
   *
   * @throws LeaseLostError
   */
  readonly guard = async ({ queries }: DatabaseTransaction): Promise<void> => {
    const held = await queries
      .updateTable('ttp_lease')
      .set((row) => ({ epoch: row.ref('epoch') }))
      .where('name', '=', this.name)
      .where('holder', '=', this.#holder)
      .where('epoch', '=', this.epoch)
      .returning('epoch')
      .executeTakeFirst()
    if (held !== undefined) return
    const error = new LeaseLostError(this.name)
    this.#lose(error)
    throw error
  }

  /** Gives the role up, so that the next need not wait for its end. Rejects never: what cannot be given up ends by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#renewal)
    if (this.#lost.signal.aborted) return
    try {
      await this.#database.queries
        .updateTable('ttp_lease')
        .set({ holder: null })
        .where('name', '=', this.name)
        .where('holder', '=', this.#holder)
        .where('epoch', '=', this.epoch)
        .execute()
    } catch {
      // Who gives a role up because the database is away must learn of that, and of nothing else.
    }
  }

  async #renew(): Promise<void> {
    try {
      await this.#database.transact(async (transaction) => {
        await this.guard(transaction)
        const expiresAt = new Date((await transaction.now()).getTime() + this.#duration).toISOString()
        await transaction.queries
          .updateTable('ttp_lease')
          .set({ expires_at: expiresAt })
          .where('name', '=', this.name)
          .execute()
      })
    } catch {
      // Lost: `guard` has told. Unreachable: the next renewal, or the next write, finds out.
    }
  }

  #lose(error: LeaseLostError): void {
    clearInterval(this.#renewal)
    this.#lost.abort(error)
  }
}

/** The new epoch, or null while another holds the role. */
async function tryAcquire(
  { queries, now }: DatabaseTransaction,
  { name, holder, duration }: { name: string; holder: string; duration: number },
): Promise<number | null> {
  const time = await now()
  const expiresAt = new Date(time.getTime() + duration).toISOString()
  await queries
    .insertInto('ttp_lease')
    .values({ name, holder: null, epoch: 0, expires_at: time.toISOString() })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const taken = await queries
    .updateTable('ttp_lease')
    .set((row) => ({ holder, expires_at: expiresAt, epoch: row('epoch', '+', 1) }))
    .where('name', '=', name)
    .where((row) => row.or([row('holder', 'is', null), row('expires_at', '<=', time.toISOString())]))
    .returning('epoch')
    .executeTakeFirst()
  return taken?.epoch ?? null
}
