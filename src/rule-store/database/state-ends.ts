import { ruleStateOfRow } from '../../rules/rule-state-row.js'
import type { Database } from '../../storage/database.js'
import { readEndedStates } from './rule-reader.js'
import { RuleWriter } from './rule-writer.js'

/** How often the database's clock is read and ended states are looked for, in milliseconds. */
const HOUSEKEEPING = 30_000
/** How soon an end is tried again where the database's clock is not there yet, in milliseconds. */
const RETRY = 50
/** What the log names for a state that ended by itself. */
const EXPIRY = 'expiry'

export interface StateEndsOptions {
  readonly database: Database
  /** Told when the clock was read anew, and may have jumped. */
  readonly onClock: () => void
  readonly onError: (error: unknown) => void
}

/** Takes ended states out of the database, by its clock: once in the whole swarm, whoever comes first. */
export class StateEnds {
  readonly #options: StateEndsOptions
  /** How far the database's clock is ahead of this host's, in milliseconds. */
  #offset = 0
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: StateEndsOptions) {
    this.#options = options
  }

  /** The time by the database's clock, as it was last read. */
  now(): Date {
    return new Date(Date.now() + this.#offset)
  }

  async readClock(): Promise<void> {
    const before = Date.now()
    const time = await this.#options.database.now()
    this.#offset = time.getTime() - (before + Date.now()) / 2
    this.#options.onClock()
  }

  /** Ends what has ended while nobody was there, and looks for more from time to time. Never rejects. */
  async begin(): Promise<void> {
    if (this.#isClosed) return
    this.#timer = setInterval(() => void this.#keepHouse(), HOUSEKEEPING).unref()
    await this.#keepHouse()
  }

  /** Takes a state away whose end has come. Never rejects: housekeeping finds it again. */
  async end(ruleId: string): Promise<void> {
    if (this.#isClosed) return
    try {
      if (await this.#tryEnd(ruleId)) return
      setTimeout(() => void this.end(ruleId), RETRY).unref()
    } catch (error) {
      this.#options.onError(error)
    }
  }

  close(): void {
    this.#isClosed = true
    clearInterval(this.#timer)
  }

  /** Whether there is nothing more to do soon; not where the database's clock is just not there yet. */
  #tryEnd(ruleId: string): Promise<boolean> {
    return this.#options.database.transact(async (transaction) => {
      const writer = await RuleWriter.begin(transaction, EXPIRY)
      const { expiresAt } = ruleStateOfRow(await writer.stateOf(ruleId))
      if (expiresAt === null) return true
      const wait = expiresAt.getTime() - writer.now.getTime()
      if (wait <= 0) await writer.putState(ruleId, null)
      return wait <= 0 || wait > HOUSEKEEPING
    })
  }

  async #keepHouse(): Promise<void> {
    try {
      await this.readClock()
      const { database } = this.#options
      for (const ruleId of await readEndedStates(database.queries, await database.now())) await this.end(ruleId)
    } catch (error) {
      if (!this.#isClosed) this.#options.onError(error)
    }
  }
}
