import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '../../storage/database.js'
import type { RuleChangeTable } from '../../storage/schema.js'
import { Pace } from '../pace.js'
import { readChangesAfter } from './rule-reader.js'
import { RULE_CHANNEL } from './rule-writer.js'

/** How often the log is read without a hint, in milliseconds. */
const POLL = 1000
/** How long closing waits for the database, in milliseconds. */
const LONGEST_CLOSE = 3000
/** Changes that are read at once. */
const PAGE = 500

export interface RuleLogFollowerOptions {
  readonly database: Database
  /** Told of each change once, in the order of the log. */
  readonly onChange: (change: RuleChangeTable) => void
  /** Told of each attempt to read, with its error if it failed. */
  readonly onRead: (error: unknown) => void
}

/** Reads the log of rule changes to its end whenever it may have grown. Being woken is a hint; a poll stands behind it. */
export class RuleLogFollower {
  readonly #options: RuleLogFollowerOptions
  #seq = 0
  #reading: Promise<void> = Promise.resolve()
  #isReadingWanted = false
  #listening: AsyncDisposable | undefined
  #pollTimer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: RuleLogFollowerOptions) {
    this.#options = options
  }

  /** The number of the last change that was told. */
  get seq(): number {
    return this.#seq
  }

  /** From here on growth is noticed; nothing is told before `followFrom`. */
  async listen(): Promise<void> {
    this.#listening ??= await this.#options.database.changes.listen(RULE_CHANNEL, () => this.#readSoon())
  }

  /** Begins to tell what comes after a change. */
  followFrom(seq: number): void {
    this.#seq = seq
    this.#pollTimer = setInterval(() => this.#readSoon(), POLL).unref()
  }

  /**
   * Settles when everything that was in the log at the call has been told. Calls while one waits for its turn share it: it
   * sees what each of them could.
   */
  read(): Promise<void> {
    if (this.#isReadingWanted) return this.#reading
    this.#isReadingWanted = true
    const before = this.#reading.catch(() => {})
    this.#reading = before.then(() => {
      this.#isReadingWanted = false
      return this.#readToEnd()
    })
    this.#reading.catch(() => {})
    return this.#reading
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#pollTimer)
    // A connection that has fallen silent would keep both waiting for ever.
    const ending = Promise.allSettled([this.#listening?.[Symbol.asyncDispose](), this.#reading])
    await Promise.race([ending, delay(LONGEST_CLOSE, undefined, { ref: false })])
  }

  #readSoon(): void {
    // Before the first load there is nothing to go on from.
    if (this.#pollTimer === undefined || this.#isReadingWanted || this.#isClosed) return
    const { onRead } = this.#options
    this.read().then(() => onRead(null), onRead)
  }

  async #readToEnd(): Promise<void> {
    const { database, onChange } = this.#options
    const pace = new Pace()
    for (;;) {
      if (this.#isClosed) return
      const page = await readChangesAfter(database.queries, this.#seq, PAGE)
      for (const change of page) {
        if (this.#isClosed) return
        onChange(change)
        this.#seq = change.seq
        await pace.keep()
      }
      if (page.length < PAGE) return
    }
  }
}
