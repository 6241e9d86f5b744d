import { lstatSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { count } from '../../observability/metrics.js'
import { withSpan } from '../../observability/tracing.js'
import type { RuleContext } from '../../rules/compile-rule.js'
import type { CompiledRule } from '../../rules/compiled-rule.js'
import type { RuleIssue } from '../../rules/rule-issue.js'
import { checkedRuleState, DEFAULT_RULE_STATE, type RuleState } from '../../rules/rule-state.js'
import { describeError, SILENT_LOG, type TaggingLog } from '../../tagging/tolerant-tagger.js'
import { ChangeFeed } from '../change-feed.js'
import { ingestRule } from '../ingest-rule.js'
import { LiveRules } from '../live-rules.js'
import { Pace } from '../pace.js'
import type { RuleChange, RuleStore } from '../rule-store.js'
import { FolderWatch } from './folder-watch.js'
import {
  isRuleFileName,
  listRuleFiles,
  nameIssue,
  RuleFolderError,
  readRuleFile,
  unreadableIssue,
} from './read-rule-folder.js'
import { RuleFiles } from './rule-files.js'
import { SettlingNames } from './settling-names.js'

/** How soon after a hint the whole folder is looked through, in milliseconds: hints may have been lost. */
const LOOK_AFTER_HINT = 300
/** How often it is looked through without any hint, in milliseconds. */
const LOOK_ALWAYS = 5000

export interface FilesystemRuleStoreOptions {
  /** A folder of rule files, or one file. */
  readonly path: string
  readonly context: RuleContext
  readonly log?: TaggingLog
  readonly now?: () => Date
  /** Most changes that may wait for a subscriber. */
  readonly subscriberLimit?: number
}

/**
 * Rules in the files of a folder, states in memory: for one host and one operator, gone with the process. Kernel events
 * are hints, looking through the folder is the truth. Everything is read and compiled by one loop, in order.
 */
export class FilesystemRuleStore implements RuleStore {
  readonly seq = null
  readonly #options: FilesystemRuleStoreOptions
  readonly #log: TaggingLog
  readonly #now: () => Date
  readonly #feed: ChangeFeed
  readonly #live: LiveRules
  readonly #files: RuleFiles
  readonly #watch: FolderWatch
  readonly #stamps = new Map<string, string>()
  readonly #settling = new SettlingNames((names) => {
    this.#saved.push(...names.map((name) => this.#pathOf(name)))
    this.#run(this.#enqueue(() => this.#read([])))
  })
  /** Files that were named by a hint and have become quiet, still to be read. */
  readonly #saved: string[] = []
  #misnamed: readonly string[] = []
  #folderIssue: RuleIssue | null = null
  #started: Promise<void> | undefined
  #looking: Promise<void> | null = null
  #lookTimer: NodeJS.Timeout | undefined
  #nextLook = Number.POSITIVE_INFINITY
  #isClosed = false

  constructor(options: FilesystemRuleStoreOptions) {
    this.#options = options
    this.#log = options.log ?? SILENT_LOG
    this.#now = options.now ?? (() => new Date())
    this.#feed = new ChangeFeed(options.subscriberLimit)
    this.#live = new LiveRules({ feed: this.#feed, now: this.#now })
    this.#files = new RuleFiles({
      live: this.#live,
      compile: (source) => ingestRule(source, options.context),
      onRejected: (file, issues) => this.#reject(file, issues),
    })
    this.#watch = new FolderWatch(options.path, (name) => this.#hint(name))
  }

  start(): Promise<void> {
    this.#started ??= this.#start()
    return this.#started
  }

  async loadCompiled(): Promise<readonly CompiledRule[]> {
    await this.start()
    return this.#live.rules()
  }

  async getState(ruleId: string): Promise<RuleState> {
    await this.start()
    return this.#live.state(ruleId)
  }

  async listStates(): Promise<ReadonlyMap<string, RuleState>> {
    await this.start()
    return this.#live.states()
  }

  async setState(ruleId: string, state: RuleState, setBy: string): Promise<void> {
    await this.#changeState(ruleId, checkedRuleState({ ...state, setBy, setAt: this.#now() }))
  }

  async clearState(ruleId: string): Promise<void> {
    await this.#changeState(ruleId, DEFAULT_RULE_STATE)
  }

  subscribeChanges(): AsyncIterableIterator<RuleChange> {
    const changes = this.#feed.subscribe()
    this.start().catch(() => this.#feed.close())
    return changes
  }

  /** None: states go with the process, and files have a history of their own. */
  async history(): Promise<null> {
    return null
  }

  async now(): Promise<Date> {
    return this.#now()
  }

  issues(): readonly RuleIssue[] {
    const ofFolder = this.#folderIssue === null ? [] : [this.#folderIssue]
    return [...ofFolder, ...this.#misnamed.map(nameIssue), ...this.#files.issues()]
  }

  /** Files that are there but have errors, and the rule that each last held, if that is known. */
  broken(): ReturnType<RuleFiles['broken']> {
    return this.#files.broken()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#settling.close()
    clearTimeout(this.#lookTimer)
    this.#watch.close()
    this.#live.close()
    await this.#looking
    this.#feed.close()
  }

  /** Watching begins before the first look, so that nothing falls between. */
  async #start(): Promise<void> {
    this.#watch.renew()
    // Nobody evaluates yet.
    await this.#look(null)
    this.#feed.open()
    if (this.#folderIssue !== null) {
      this.#watch.close()
      clearTimeout(this.#lookTimer)
      throw new RuleFolderError(this.#folderIssue.message)
    }
  }

  async #changeState(ruleId: string, state: RuleState): Promise<void> {
    await this.start()
    withSpan('ttp.rule.state.change', { 'ttp.rule.id': ruleId }, () =>
      withSpan('ttp.store.write_state', {}, () => this.#live.setState(ruleId, state)),
    )
    count('ttp.rule.state.changed', { state: state.state })
  }

  #hint(name: string | null): void {
    if (this.#isClosed) return
    // Scratch files of editors are not even thought about.
    if (name === null || name.startsWith('..')) this.#lookSoon(0)
    else if (isRuleFileName(name)) {
      this.#settling.add(name)
      this.#lookSoon(LOOK_AFTER_HINT)
    }
  }

  /** A look that is due earlier stays due. */
  #lookSoon(delay: number): void {
    const due = performance.now() + delay
    if (this.#isClosed || this.#nextLook <= due) return
    this.#nextLook = due
    clearTimeout(this.#lookTimer)
    this.#lookTimer = setTimeout(() => this.#run(this.#look()), delay)
    this.#lookTimer.unref()
  }

  /** Looks through the whole folder. */
  #look(pace: Pace | null = new Pace()): Promise<void> {
    return this.#enqueue(async () => {
      this.#nextLook = Number.POSITIVE_INFINITY
      this.#watch.renew()
      const listing = this.#list()
      if (listing !== null) {
        this.#misnamed = listing.misnamed
        this.#dropAllBut(new Set(listing.files))
        await this.#read(listing.files, pace)
      }
      this.#live.endStates()
      this.#lookSoon(LOOK_ALWAYS)
    })
  }

  /** A folder that cannot be read deletes nothing. */
  #list(): ReturnType<typeof listRuleFiles> | null {
    try {
      const listing = listRuleFiles(this.#options.path)
      this.#folderIssue = null
      return listing
    } catch (error) {
      if (!(error instanceof RuleFolderError)) throw error
      if (this.#folderIssue === null) this.#log.warn({ path: this.#options.path }, error.message)
      this.#folderIssue = unreadableIssue(this.#options.path, error.message)
      return null
    }
  }

  /** Takes what the files hold now, where their stamp says that they may have changed. */
  async #read(paths: readonly string[], pace: Pace | null = new Pace()): Promise<void> {
    const rest = paths.values()
    for (let path = this.#next(rest); path !== undefined; path = this.#next(rest)) {
      if (this.#isClosed) return
      this.#readOne(path)
      await pace?.keep()
    }
  }

  /** What was just saved comes before what is only looked at: a look may take a while. */
  #next(rest: Iterator<string>): string | undefined {
    return this.#saved.shift() ?? rest.next().value
  }

  #readOne(path: string): void {
    const stamp = stampOf(path)
    // Whether it is gone, or the whole folder is away, is for a look through the folder to say.
    if (stamp === null) this.#lookSoon(0)
    if (stamp === null || stamp === this.#stamps.get(path)) return
    this.#stamps.set(path, stamp)
    withSpan('ttp.rule.ingest', {}, () => {
      const read = readRuleFile(path)
      if ('text' in read) return this.#files.take(read)
      // It is tried again at every look.
      this.#stamps.set(path, '')
      return this.#files.takeUnreadable(read)
    })
  }

  #dropAllBut(there: ReadonlySet<string>): void {
    for (const path of this.#files.paths) {
      if (there.has(path)) continue
      this.#stamps.delete(path)
      this.#files.drop(path)
    }
  }

  #reject(file: string, issues: readonly RuleIssue[]): void {
    const [first] = issues
    const ruleId = issues.find((issue) => issue.ruleId !== null)?.ruleId ?? null
    const place = { file, line: first?.line ?? 1, column: first?.column ?? 1, issues: issues.length }
    this.#log.warn({ rule_id: ruleId, ...place }, `rule refused: ${first?.message ?? 'unknown reason'}`)
    this.#feed.publish({ kind: 'rejected', ruleId, file, issues, seq: null })
  }

  /** Nobody waits for this work; the next look does it again. */
  #run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#log.error({ error: describeError(error) }, 'the rule folder could not be looked through')
      this.#lookSoon(LOOK_ALWAYS)
    })
  }

  /** One after the other, never two at once. */
  #enqueue(work: () => Promise<void>): Promise<void> {
    const before = this.#looking ?? Promise.resolve()
    const done = before.then(() => (this.#isClosed ? undefined : work()))
    const settled = done.catch(() => {})
    this.#looking = settled
    return done
  }

  #pathOf(name: string): string {
    const { path } = this.#options
    return basename(path) === name ? path : join(path, name)
  }
}

/** What changes whenever a file's content does; null where no such file is. */
function stampOf(path: string): string | null {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = statSync(path)
    return `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'ENOTDIR') return `${code}`
    // A link that leads nowhere is there, but broken.
    return lstatSync(path, { throwIfNoEntry: false }) === undefined ? null : 'unreadable'
  }
}
