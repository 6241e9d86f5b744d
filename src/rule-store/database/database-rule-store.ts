import { attackCatalogue } from '../../attack/attack-catalogue.js'
import { count } from '../../observability/metrics.js'
import { withSpan } from '../../observability/tracing.js'
import type { RuleContext } from '../../rules/compile-rule.js'
import { inReadingOrder } from '../../rules/compile-ruleset.js'
import type { CompiledRule } from '../../rules/compiled-rule.js'
import type { RuleIssue } from '../../rules/rule-issue.js'
import { checkedRuleState, type RuleState } from '../../rules/rule-state.js'
import { type RuleStateRow, ruleStateOfRow } from '../../rules/rule-state-row.js'
import type { Database, DatabaseTransaction } from '../../storage/database.js'
import type { RuleChangeTable, RuleTable } from '../../storage/schema.js'
import { describeError, SILENT_LOG, type TaggingLog } from '../../tagging/tolerant-tagger.js'
import { ChangeFeed } from '../change-feed.js'
import { ingestRule } from '../ingest-rule.js'
import { LiveRules } from '../live-rules.js'
import type { HistoryQuery, RuleChange, RuleLogEntry, RuleStore } from '../rule-store.js'
import { RuleLogFollower } from './rule-log-follower.js'
import { readHistory, readSnapshot } from './rule-reader.js'
import type { RuleRecord } from './rule-record.js'
import { RuleWriter } from './rule-writer.js'
import { StateEnds } from './state-ends.js'

export interface DatabaseRuleStoreOptions {
  /** Left out, a SQLite database in memory. One that a function opens is closed with the store. */
  readonly database?: Database | (() => Promise<Database>)
  readonly context?: RuleContext
  readonly log?: TaggingLog
  readonly subscriberLimit?: number
}

/** Called first inside a transaction that writes; throws where that must not be, since someone else has taken over. */
export type WriteGuard = (transaction: DatabaseTransaction) => Promise<void>

/** What works on the database once that is open. */
interface Workings {
  readonly database: Database
  readonly follower: RuleLogFollower
  readonly ends: StateEnds
}

/**
 * Rules and states in a database that many processes share. Everything is read once and then followed by the log of
 * changes, in the order of commits. States end by the database's clock.
 */
export class DatabaseRuleStore implements RuleStore {
  readonly #ownsDatabase: boolean
  readonly #context: RuleContext
  readonly #log: TaggingLog
  readonly #feed: ChangeFeed
  readonly #live: LiveRules
  readonly #open: () => Promise<Database>
  #workings: Promise<Workings> | undefined
  /** By rule id; a rule whose definition does not compile runs on as it was. */
  readonly #issues = new Map<string, readonly RuleIssue[]>()
  #clock = () => new Date()
  #seq = () => 0
  #started: Promise<void> | undefined
  #isUnreachable = false
  #isClosed = false

  constructor(options: DatabaseRuleStoreOptions = {}) {
    const { database = openMemoryDatabase } = options
    this.#ownsDatabase = typeof database === 'function'
    this.#context = options.context ?? { catalogue: attackCatalogue(), lifters: [], withSamples: true, checked: null }
    this.#log = options.log ?? SILENT_LOG
    this.#feed = new ChangeFeed(options.subscriberLimit)
    this.#live = new LiveRules({
      feed: this.#feed,
      now: () => this.#clock(),
      onExpired: (ruleId) => void this.#workings?.then(({ ends }) => ends.end(ruleId)),
    })
    this.#open = typeof database === 'function' ? database : async () => database
  }

  /** The number of the last change of the log that is in force here. */
  get seq(): number {
    return this.#seq()
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
    await this.#changeState(ruleId, setBy, (writer) => writer.putState(ruleId, { ...checked, setAt: writer.now }))
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

  async history(query: HistoryQuery): Promise<readonly RuleLogEntry[]> {
    const { database } = await this.#use()
    return readHistory(database.queries, query)
  }

  async now(): Promise<Date> {
    const { database } = await this.#use()
    return database.now()
  }

  issues(): readonly RuleIssue[] {
    return inReadingOrder([...this.#issues.values()].flat())
  }

  /** What is kept, whether it compiles or not. */
  async records(): Promise<readonly RuleTable[]> {
    const { database } = await this.#use()
    return database.queries.selectFrom('ttp_rule').selectAll().orderBy('rule_id').execute()
  }

  /** Keeps definitions and takes others away, all or none; answers how many changes that made. */
  async write(
    changes: { readonly put?: readonly RuleRecord[]; readonly remove?: readonly string[]; readonly by: string },
    guard: WriteGuard = async () => {},
  ): Promise<number> {
    const { database } = await this.#use()
    return database.transact(async (transaction) => {
      await guard(transaction)
      const writer = await RuleWriter.begin(transaction, changes.by)
      return (await writer.putRules(changes.put ?? [])) + (await writer.removeRules(changes.remove ?? []))
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#live.close()
    const workings = await this.#workings?.catch(() => null)
    workings?.ends.close()
    await this.#started?.catch(() => {})
    await workings?.follower.close()
    this.#feed.close()
    if (this.#ownsDatabase) await workings?.database.close()
  }

  /** Opened when something is first asked of it, and again after that failed. */
  #use(): Promise<Workings> {
    this.#workings ??= this.#setUp().catch((error: unknown) => {
      this.#workings = undefined
      throw error
    })
    return this.#workings
  }

  async #setUp(): Promise<Workings> {
    const database = await this.#open()
    const onError = (error: unknown) => this.#reportUnreachable(error)
    const ends = new StateEnds({
      database,
      onClock: () => this.#live.endStates(),
      onRunning: (ruleId, state) => this.#live.setState(ruleId, state),
      onError,
    })
    const follower = new RuleLogFollower({
      database,
      onChange: (change) => this.#take(change.rule_id, () => this.#apply(change)),
      onRead: (error) => {
        if (error === null) this.#isUnreachable = false
        else onError(error)
      },
    })
    this.#clock = () => ends.now()
    this.#seq = () => follower.seq
    return { database, follower, ends }
  }

  /** Listening begins before the first read, so that nothing falls between. */
  async #start(): Promise<void> {
    const { database, follower, ends } = await this.#use()
    if (this.#isClosed) return
    await follower.listen()
    await ends.readClock()
    const snapshot = await database.snapshot(readSnapshot)
    for (const row of snapshot.rules) this.#take(row.rule_id, () => this.#define(row, null))
    for (const row of snapshot.states) {
      this.#take(row.rule_id, () => this.#live.setState(row.rule_id, ruleStateOfRow(row)))
    }
    if (this.#isClosed) return
    this.#feed.open()
    follower.followFrom(snapshot.seq)
    await ends.begin()
  }

  async #catchUp(): Promise<void> {
    await this.start()
    const { follower } = await this.#use()
    await follower.read()
  }

  /** What cannot be taken in is a problem of that rule alone; the log goes on. */
  #take(ruleId: string, take: () => void): void {
    try {
      take()
    } catch (error) {
      this.#issues.set(ruleId, [rowIssue(ruleId)])
      this.#log.error({ rule_id: ruleId, error: describeError(error) }, 'a stored row cannot be read')
    }
  }

  #apply({ kind, rule_id: ruleId, after, seq }: RuleChangeTable): void {
    if (kind === 'definition') this.#define(JSON.parse(after!) as RuleTable, seq)
    else if (kind === 'removed') {
      this.#issues.delete(ruleId)
      this.#live.remove(ruleId, seq)
    } else {
      const row = after === null ? null : (JSON.parse(after) as RuleStateRow)
      this.#live.setState(ruleId, ruleStateOfRow(row), seq)
    }
  }

  #define(row: RuleTable, seq: number | null): void {
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
    const { database, follower } = await this.#use()
    await withSpan('ttp.rule.state.change', { 'ttp.rule.id': ruleId }, async () => {
      await withSpan('ttp.store.write_state', {}, () =>
        database.transact(async (transaction) => change(await RuleWriter.begin(transaction, by))),
      )
      // It is kept; should reading fail now, the next read shows it.
      await follower.read().catch((error: unknown) => this.#reportUnreachable(error))
    })
  }

  /** Once for each time that the database is away. */
  #reportUnreachable(error: unknown): void {
    if (this.#isUnreachable || this.#isClosed) return
    this.#isUnreachable = true
    this.#log.warn({ error: describeError(error) }, 'the rules cannot be read from the database; those in force go on')
  }
}

/** A row that no version of this program wrote. */
function rowIssue(ruleId: string): RuleIssue {
  const message = 'the database holds something of this rule that cannot be read'
  const remedy = 'Sync the rule again, or set its state anew.'
  return { code: 'unreadable', severity: 'error', ruleId, file: ruleId, line: 1, column: 1, message, remedy }
}

/** A definition under another rule's id: it could never be taken away again. */
function strangerIssue(row: RuleTable, rule: CompiledRule): RuleIssue {
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
