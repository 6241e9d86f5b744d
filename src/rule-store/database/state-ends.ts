import type { RuleState } from '../../rules/rule-state.js'
import { ruleStateOfRow } from '../../rules/rule-state-row.js'
import type { Database } from '../../storage/database.js'
import { readEndedStates, readStates } from './rule-reader.js'
import { RuleWriter } from './rule-writer.js'

/** How often the database's clock is read and ended states are looked for, in milliseconds. */
const HOUSEKEEPING = 30_000
/**
 * Ends that come within this time are written together, in milliseconds. Its length differs by chance, so that of many
 * processes one writes and the others find it done.
 */
const LONGEST_GATHERING = 40
/** How soon an end is tried again where the database's clock is not there yet, in milliseconds. */
const RETRY = 50
/** What the log names for a state that ended by itself. */
const EXPIRY = 'expiry'

export interface StateEndsOptions {
  readonly database: Database
  /** Told when the clock was read anew, and may have jumped. */
  readonly onClock: () => void
  /** Told of a state that was taken for ended and goes on. */
  readonly onRunning: (ruleId: string, state: RuleState) => void
  readonly onError: (error: unknown) => void
}

/** Takes ended states out of the database, by its clock: once in the whole swarm, whoever comes first. */
export class StateEnds {
  readonly #options: StateEndsOptions
  readonly #due = new Set<string>()
  /** The database's time when it was last read, and this process's steady clock then: wall clocks are set. */
  #read = { time: Date.now(), at: performance.now() }
  #housekeepingTimer: NodeJS.Timeout | undefined
  #endTimer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: StateEndsOptions) {
    this.#options = options
  }

  /** The time by the database's clock, as far as it was read. */
  now(): Date {
    return new Date(this.#read.time + performance.now() - this.#read.at)
  }

  async readClock(): Promise<void> {
    const before = performance.now()
    const time = await this.#options.database.now()
    this.#read = { time: time.getTime(), at: (before + performance.now()) / 2 }
    this.#options.onClock()
  }

  /** Ends what has ended while nobody was there, and looks for more from time to time. Never rejects. */
  async begin(): Promise<void> {
    if (this.#isClosed) return
    this.#housekeepingTimer = setInterval(() => void this.#keepHouse(), HOUSEKEEPING).unref()
    await this.#keepHouse()
  }

  /** Takes a state away whose end has come, soon. What fails is found again by housekeeping. */
  end(ruleId: string): void {
    this.#due.add(ruleId)
    this.#endSoon(Math.random() * LONGEST_GATHERING)
  }

  close(): void {
    this.#isClosed = true
    clearInterval(this.#housekeepingTimer)
    clearTimeout(this.#endTimer)
  }

  #endSoon(delay: number): void {
    if (this.#isClosed || this.#endTimer !== undefined) return
    this.#endTimer = setTimeout(() => {
      this.#endTimer = undefined
      this.#endDue().catch((error: unknown) => this.#tell(error))
    }, delay).unref()
  }

  /** Looks before it takes the writers' lock: mostly another process was faster. */
  async #endDue(): Promise<void> {
    const { database, onRunning } = this.#options
    const ruleIds = [...this.#due]
    this.#due.clear()
    const rows = await readStates(database.queries, ruleIds)
    const now = await database.now()
    const ended: string[] = []
    for (const row of rows) {
      const state = ruleStateOfRow(row)
      const wait = state.expiresAt === null ? Number.POSITIVE_INFINITY : state.expiresAt.getTime() - now.getTime()
      if (wait <= 0) ended.push(row.rule_id)
      else if (wait <= HOUSEKEEPING) this.#due.add(row.rule_id)
      else onRunning(row.rule_id, state)
    }
    if (ended.length > 0) await this.#write(ended)
    if (this.#due.size > 0) this.#endSoon(RETRY)
  }

  async #write(ruleIds: readonly string[]): Promise<void> {
    await this.#options.database.transact(async (transaction) => {
      const writer = await RuleWriter.begin(transaction, EXPIRY)
      await writer.endStates(ruleIds)
    })
  }

  async #keepHouse(): Promise<void> {
    try {
      await this.readClock()
      const { database } = this.#options
      for (const ruleId of await readEndedStates(database.queries, await database.now())) this.end(ruleId)
    } catch (error) {
      this.#tell(error)
    }
  }

  #tell(error: unknown): void {
    if (!this.#isClosed) this.#options.onError(error)
  }
}
