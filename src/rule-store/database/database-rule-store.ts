import { attackCatalogue } from '../../attack/attack-catalogue.js'
import { count } from '../../observability/metrics.js'
import { withSpan } from '../../observability/tracing.js'
import type { RuleContext } from '../../rules/compile-rule.js'
import { inReadingOrder } from '../../rules/compile-ruleset.js'
import type { CompiledRule } from '../../rules/compiled-rule.js'
import type { RuleIssue } from '../../rules/rule-issue.js'
import { checkedRuleState, type RuleState } from '../../rules/rule-state.js'
import type { Database, DatabaseTransaction } from '../../storage/database.js'
import type { RuleChangeTable, RuleStateTable } from '../../storage/schema.js'
import { describeError, SILENT_LOG, type TaggingLog } from '../../tagging/tolerant-tagger.js'
import { ChangeFeed } from '../change-feed.js'
import { ingestRule } from '../ingest-rule.js'
import { LiveRules } from '../live-rules.js'
import { Pace } from '../pace.js'
import type { HistoryQuery, RuleChange, RuleLogEntry, RuleStore } from '../rule-store.js'
import { readChangesAfter, readEndedStates, readHistory, readSnapshot } from './rule-reader.js'
import { type RuleRecord, type RuleRow, stateOfRow } from './rule-records.js'
import { RULE_CHANNEL, RuleWriter } from './rule-writer.js'

/** How often the log is read without a hint, in milliseconds. */
const POLL = 1000
/** How often the database's clock is read and ended states are looked for, in milliseconds. */
const HOUSEKEEPING = 30_000
/** Changes that are read at once. */
const PAGE = 500
/** How soon the end of a state is tried again where the database's clock is not there yet, in milliseconds. */
const EXPIRY_RETRY = 50
/** What the log names for a state that ended by itself. */
const EXPIRY = 'expiry'

export interface DatabaseRuleStoreOptions {
  /** Left out, a SQLite database in memory. One that a function opens is closed with the store. */
  readonly database?: Database | (() => Promise<Database>)
  readonly context?: RuleContext
  readonly log?: TaggingLog
  readonly subscriberLimit?: number
}

/** Called first inside a transaction that writes; throws where that must not be, since someone else has taken over. */
export type WriteGuard = (transaction: DatabaseTransaction) => Promise<void>

/**
 * Rules and states in a database that many processes share. Everything is read once and then followed by the log of
 * changes, in the order of commits; being woken is a hint, the log is the truth. States end by the database's clock.
 */
export class DatabaseRuleStore implements RuleStore {
  readonly #ownsDatabase: boolean
  readonly #context: RuleContext
  readonly #log: TaggingLog
  readonly #feed: ChangeFeed
  readonly #live: LiveRules
  readonly #database: Promise<Database>
  /** By rule id; a rule whose definition does not compile runs on as it was. */
  readonly #issues = new Map<string, readonly RuleIssue[]>()
  #clockOffset = 0
  #seq = 0
  #started: Promise<void> | undefined
  #reading: Promise<void> = Promise.resolve()
  #isReadingWanted = false
  #isUnreachable = false
  #listening: AsyncDisposable | undefined
  #pollTimer: NodeJS.Timeout | undefined
  #housekeepingTimer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: DatabaseRuleStoreOptions = {}) {
    this.#context = options.context ?? { catalogue: attackCatalogue(), lifters: [], withSamples: false, checked: null }
    this.#log = options.log ?? SILENT_LOG
    this.#feed = new ChangeFeed(options.subscriberLimit)
    const now = () => new Date(Date.now() + this.#clockOffset)
    this.#live = new LiveRules({ feed: this.#feed, now, onExpired: (ruleId) => void this.#endState(ruleId) })
    const { database = openMemoryDatabase } = options
    this.#ownsDatabase = typeof database === 'function'
    this.#database = typeof database === 'function' ? database() : Promise.resolve(database)
    // Whoever asks something of the store hears of it.
    this.#database.catch(() => {})
  }

  /** The number of the last change of the log that is in force here. */
  get seq(): number {
    return this.#seq
  }

  start(): Promise<void> {
    this.#started ??= this.#start().catch((error: unknown) => {
      this.#started = undefined
      throw error
    })
    return this.#started
  }

  async loadCompiled(): Promise<readonly CompiledRule[]> {
    await this.#catchUp()
    return this.#live.rules()
  }

  async getState(ruleId: string): Promise<RuleState> {
    await this.#catchUp()
    return this.#live.state(ruleId)
  }

  async listStates(): Promise<ReadonlyMap<string, RuleState>> {
    await this.#catchUp()
    return this.#live.states()
  }

  async setState(ruleId: string, state: RuleState, setBy: string): Promise<void> {
    const checked = checkedRuleState({ ...state, setBy, setAt: null })
    await this.#changeState(ruleId, setBy, (writer) =>
      writer.putState(ruleId, Object.freeze({ ...checked, setAt: writer.now })),
    )
    count('ttp.rule.state.changed', { state: checked.state })
  }

  async clearState(ruleId: string, setBy: string): Promise<void> {
    await this.#changeState(ruleId, setBy, (writer) => writer.putState(ruleId, null))
    count('ttp.rule.state.changed', { state: 'enabled' })
  }

  subscribeChanges(): AsyncIterableIterator<RuleChange> {
    const changes = this.#feed.subscribe()
    this.start().catch((error: unknown) => this.#reportUnreachable(error))
    return changes
  }

  issues(): readonly RuleIssue[] {
    return inReadingOrder([...this.#issues.values()].flat())
  }

  async history(query: HistoryQuery): Promise<readonly RuleLogEntry[]> {
    const { queries } = await this.#database
    return readHistory(queries, query)
  }

  async now(): Promise<Date> {
    const database = await this.#database
    return database.now()
  }

  /** What is kept, whether it compiles or not. */
  async records(): Promise<readonly RuleRow[]> {
    const database = await this.#database
    return database.queries.selectFrom('ttp_rule').selectAll().orderBy('rule_id').execute()
  }

  /** Keeps definitions, all or none, and takes others away; answers how many changes that made. */
  async write(
    changes: { readonly put?: readonly RuleRecord[]; readonly remove?: readonly string[]; readonly by: string },
    guard: WriteGuard = async () => {},
  ): Promise<number> {
    const database = await this.#database
    return database.transact(async (transaction) => {
      await guard(transaction)
      const writer = await RuleWriter.begin(transaction, changes.by)
      return (await writer.putRules(changes.put ?? [])) + (await writer.removeRules(changes.remove ?? []))
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#pollTimer)
    clearInterval(this.#housekeepingTimer)
    this.#live.close()
    await this.#listening?.[Symbol.asyncDispose]()
    await this.#reading.catch(() => {})
    this.#feed.close()
    if (this.#ownsDatabase) await this.#database.then((database) => database.close()).catch(() => {})
  }

  /** Listening begins before the first read, so that nothing falls between. */
  async #start(): Promise<void> {
    const database = await this.#database
    this.#listening = await database.changes.listen(RULE_CHANNEL, () => this.#readSoon())
    await this.#readClock()
    const snapshot = await database.snapshot(readSnapshot)
    for (const row of snapshot.rules) this.#define(row, null)
    for (const row of snapshot.states) this.#live.setState(row.rule_id, stateOfRow(row))
    this.#seq = snapshot.seq
    this.#feed.open()
    this.#pollTimer = setInterval(() => this.#readSoon(), POLL).unref()
    this.#housekeepingTimer = setInterval(() => void this.#keepHouse(), HOUSEKEEPING).unref()
    await this.#keepHouse()
  }

  async #catchUp(): Promise<void> {
    await this.start()
    await this.#read()
  }

  #readSoon(): void {
    if (this.#isClosed || this.#isReadingWanted) return
    this.#read().then(
      () => {
        this.#isUnreachable = false
      },
      (error: unknown) => this.#reportUnreachable(error),
    )
  }

  /** Reads the log to its end. Calls while one waits for its turn share it: it sees what each of them could. */
  #read(): Promise<void> {
    if (this.#isReadingWanted) return this.#reading
    this.#isReadingWanted = true
    const turn = this.#reading
      .catch(() => {})
      .then(async () => {
        this.#isReadingWanted = false
        if (!this.#isClosed) await this.#readLog()
      })
    this.#reading = turn
    turn.catch(() => {})
    return turn
  }

  async #readLog(): Promise<void> {
    const { queries } = await this.#database
    const pace = new Pace()
    for (let page: readonly RuleChangeTable[] = []; ; ) {
      page = await readChangesAfter(queries, this.#seq, PAGE)
      for (const change of page) {
        this.#apply(change)
        this.#seq = change.seq
        await pace.keep()
        if (this.#isClosed) return
      }
      if (page.length < PAGE) return
    }
  }

  #apply({ kind, rule_id: ruleId, after, seq }: RuleChangeTable): void {
    if (kind === 'definition') this.#define(JSON.parse(after!) as RuleRow, seq)
    else if (kind === 'removed') {
      this.#issues.delete(ruleId)
      this.#live.remove(ruleId, seq)
    } else {
      const row = after === null ? null : (JSON.parse(after) as RuleStateTable)
      this.#live.setState(ruleId, stateOfRow(row), seq)
    }
  }

  #define(row: RuleRow, seq: number | null): void {
    const { rule_id: ruleId, source_path: file } = row
    withSpan('ttp.rule.ingest', {}, () => {
      const { rule, issues } = ingestRule({ path: file, text: row.yaml_content }, this.#context)
      const problems = rule === null || rule.ruleId === ruleId ? issues : [...issues, strangerIssue(row, rule)]
      if (problems.length === 0) this.#issues.delete(ruleId)
      else this.#issues.set(ruleId, problems)
      if (rule?.ruleId === ruleId) return this.#live.define(rule, seq)
      this.#log.warn({ rule_id: ruleId, issues: problems.length }, `rule refused: ${problems.at(-1)?.message ?? ''}`)
      this.#feed.publish({ kind: 'rejected', ruleId, file, issues: problems, seq })
    })
  }

  async #changeState(ruleId: string, by: string, change: (writer: RuleWriter) => Promise<void>): Promise<void> {
    await this.start()
    const database = await this.#database
    await withSpan('ttp.rule.state.change', { 'ttp.rule.id': ruleId }, async () => {
      await withSpan('ttp.store.write_state', {}, () =>
        database.transact(async (transaction) => change(await RuleWriter.begin(transaction, by))),
      )
      // It is kept; should reading fail now, the next read shows it.
      await this.#read().catch((error: unknown) => this.#reportUnreachable(error))
    })
  }

  async #keepHouse(): Promise<void> {
    try {
      await this.#readClock()
      const database = await this.#database
      for (const ruleId of await readEndedStates(database.queries, await database.now())) await this.#endState(ruleId)
    } catch (error) {
      this.#reportUnreachable(error)
    }
  }

  async #readClock(): Promise<void> {
    const before = Date.now()
    const time = await (await this.#database).now()
    this.#clockOffset = time.getTime() - (before + Date.now()) / 2
    this.#live.endStates()
  }

  /** Takes an ended state away, once in the whole swarm: whoever comes first writes the log's one entry. */
  async #endState(ruleId: string): Promise<void> {
    if (this.#isClosed) return
    try {
      const database = await this.#database
      const isEarly = await database.transact(async (transaction) => {
        const writer = await RuleWriter.begin(transaction, EXPIRY)
        const { expiresAt } = stateOfRow(await writer.stateOf(ruleId))
        if (expiresAt === null) return false
        if (expiresAt <= writer.now) await writer.putState(ruleId, null)
        return expiresAt > writer.now && expiresAt.getTime() - writer.now.getTime() < HOUSEKEEPING
      })
      if (isEarly) setTimeout(() => void this.#endState(ruleId), EXPIRY_RETRY).unref()
    } catch (error) {
      // Housekeeping finds it again.
      this.#reportUnreachable(error)
    }
  }

  /** Once for each time that the database is away. */
  #reportUnreachable(error: unknown): void {
    if (this.#isUnreachable || this.#isClosed) return
    this.#isUnreachable = true
    this.#log.warn({ error: describeError(error) }, 'the rules cannot be read from the database; those in force go on')
  }
}

/** A definition under another rule's id: it could never be taken away again. */
function strangerIssue(row: RuleRow, rule: CompiledRule): RuleIssue {
  return {
    code: 'bad-value',
    severity: 'error',
    ruleId: row.rule_id,
    file: row.source_path,
    line: 1,
    column: 1,
    message: `the definition is kept under ${row.rule_id}, but calls itself ${rule.ruleId}`,
    remedy: 'Write it under the id that stands in it.',
  }
}

/** Loaded when it is wanted: most stores are given a database. */
async function openMemoryDatabase(): Promise<Database> {
  const { openSqliteDatabase } = await import('../../storage/sqlite/open-sqlite-database.js')
  return openSqliteDatabase('sqlite::memory:')
}
