import type { Batch, KeptBatch } from './batch.js'
import type { ChangeSignal } from './change-signal.js'
import type { StorageQueries } from './schema.js'
import type { TagRepository } from './tag-repository.js'

export type DatabaseDialect = 'sqlite' | 'postgres'

/** A transaction that is going on. Use nothing else of the database until it has ended: SQLite has one connection. */
export interface DatabaseTransaction {
  readonly queries: StorageQueries
  /** The time by the database's clock. */
  now(): Promise<Date>
  /**
   * Keeps tags and events, and what they say of attackers, sessions and deckies; answers those that were not there before.
   * Safe to repeat: what is known is left as it is. From here to its end the transaction keeps others from keeping events,
   * so that these are numbered in the order of commits; so do it last.
   */
  keep(batch: Batch): Promise<KeptBatch>
  /** Wakes the listeners of a channel when the transaction has been committed, and only then. */
  announce(channel: string): void
}

/** An open database. All backends behave alike. */
export interface Database extends AsyncDisposable {
  readonly dialect: DatabaseDialect
  /** Where it is, for a person: never with a password. */
  readonly location: string
  readonly tags: TagRepository
  /** For single statements. Their errors are the driver's own; those of the methods here are `DatabaseError`s. */
  readonly queries: StorageQueries
  readonly changes: ChangeSignal

  /**
   * Runs `work` in one transaction, kept as a whole when it answers and undone when it throws. On SQLite it holds the
   * lock of writers from its start; on PostgreSQL it sees what others commit meanwhile (read committed). It may be run
   * again from its start, where the database gave up on it or its connection was lost before the commit.
   * @throws DatabaseError, or what `work` threw
   */
  transact<Result>(work: (transaction: DatabaseTransaction) => Promise<Result>): Promise<Result>

  /**
   * Runs `work` on one state of the database, whatever others commit meanwhile. It must not write, and may be run again.
   * @throws DatabaseError, or what `work` threw
   */
  snapshot<Result>(work: (queries: StorageQueries) => Promise<Result>): Promise<Result>

  /** The time by the database's clock, the same for all that use it. In SQLite that is this machine's. */
  now(): Promise<Date>

  /** Ends listening and lets running work end. What `insert` answered for is kept already. Idempotent. */
  close(): Promise<void>
}
