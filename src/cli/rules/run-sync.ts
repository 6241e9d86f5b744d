import { openBus, openDatabase } from '../../app.js'
import { attackCatalogue } from '../../attack/attack-catalogue.js'
import type { Bus } from '../../bus/bus.js'
import { LIFTERS } from '../../lifters/lifters.js'
import { DatabaseRuleStore } from '../../rule-store/database/database-rule-store.js'
import { type Reconciliation, syncFromFilesystem } from '../../rule-store/database/sync-from-filesystem.js'
import { FilesystemRuleStore } from '../../rule-store/filesystem/filesystem-rule-store.js'
import { type RuleChange, type RuleStore, SubscriberLaggedError } from '../../rule-store/rule-store.js'
import type { Database } from '../../storage/database.js'
import { terminalSafe } from '../../text/terminal-safe.js'
import { RuleAnnouncer } from '../../worker/rule-announcer.js'
import { CommandFailure, EXIT } from '../failure.js'
import { stopSignal } from '../stop-signal.js'
import { say, terminalLog } from '../terminal.js'
import { changeInWords } from './change-words.js'
import { shownIssue } from './shown-issue.js'
import { loadStoreConfig, type StoreOptions, whoAmI } from './store-options.js'
import { tellWarnings } from './tell-warnings.js'

interface SyncCommandOptions extends StoreOptions {
  readonly watch?: boolean
  readonly allowEmpty?: boolean
  readonly by?: string
}

/** Runs `decnet-ttp rules sync`. A file of its own, so that only this command loads what it needs. */
export async function runSync(directory: string, options: SyncCommandOptions): Promise<void> {
  const config = loadStoreConfig(options)
  const { database_url: url } = config
  if (url === undefined) throw new CommandFailure('name the database with --db, or set database_url')
  const context = { catalogue: attackCatalogue(), lifters: LIFTERS, withSamples: true, checked: null }
  await using source = new FilesystemRuleStore({
    path: directory,
    context,
    ...(options.watch === true && { log: terminalLog }),
  })
  await source.start()
  await using database = await openDatabase(url)
  await using target = new DatabaseRuleStore({ database, context, log: terminalLog })
  const updatedBy = options.by ?? whoAmI()
  if (options.watch === true) {
    await using bus = await openBus(config)
    const leaseDuration = 1000 * config.lease_seconds
    await watch({ source, database, target, updatedBy, bus, leaseDuration, allowEmpty: options.allowEmpty === true })
  } else {
    let spared = 0
    const onReconciled = (result: Reconciliation) => {
      spared = result.spared
      tellReconciliation(result)
    }
    await syncFromFilesystem(source, {
      database,
      target,
      updatedBy,
      allowEmpty: options.allowEmpty === true,
      onReconciled,
    })
    tellIssues(source)
    if (spared > 0)
      throw new CommandFailure('the folder has no rule; --allow-empty takes those of the database away', EXIT.failed)
  }
}

interface Watch {
  readonly source: FilesystemRuleStore
  readonly database: Database
  readonly target: DatabaseRuleStore
  readonly updatedBy: string
  readonly bus: Bus
  readonly leaseDuration: number
  readonly allowEmpty: boolean
}

async function watch({ source, database, target, updatedBy, bus, leaseDuration, allowEmpty }: Watch): Promise<void> {
  using stopping = stopSignal()
  const follow = stopping.signal
  await target.start()
  const announcer = new RuleAnnouncer(bus)
  const announcing = [
    announce(target, (change) => announcer.announce(change)),
    // What the folder refuses never comes to the database.
    announce(source, async (change) => (change.kind === 'rejected' ? announcer.announce(change) : undefined)),
  ]
  say('waiting to be the master …')
  await syncFromFilesystem(source, {
    database,
    target,
    updatedBy,
    follow,
    allowEmpty,
    leaseDuration,
    log: terminalLog,
    onMaster: () => say('this process is the master now'),
    onReconciled: tellReconciliation,
    onProjected: (change) => {
      say(terminalSafe(changeInWords(change)))
      tellWarnings(source, change)
    },
  })
  // Their subscriptions end when the stores do, after what still waits in them.
  await source[Symbol.asyncDispose]()
  await target[Symbol.asyncDispose]()
  await Promise.all(announcing)
}

/** Tells of every change from now on, until the store is disposed of. */
async function announce(store: RuleStore, tell: (change: RuleChange) => Promise<void>): Promise<void> {
  for (let isOver = false; !isOver; ) {
    try {
      for await (const change of store.subscribeChanges()) await tellBus(() => tell(change))
      isOver = true
    } catch (error) {
      if (!(error instanceof SubscriberLaggedError)) throw error
      say(`warning: the bus is too slow; some changes were not announced on it: ${error.message}`)
    }
  }
}

/** A bus that is away keeps no rule from changing: the database tells everybody anyway. */
async function tellBus(publish: () => Promise<void>): Promise<void> {
  try {
    await publish()
  } catch (error) {
    say(`warning: the bus was not told of a change: ${terminalSafe((error as Error).message)}`)
  }
}

function tellReconciliation({ written, removed, unchanged, spared }: Reconciliation): void {
  const kept = spared === 0 ? '' : `, ${spared} kept since a file is broken or no rule is there`
  say(`${written} written, ${removed} removed, ${unchanged} as they were${kept}`)
}

function tellIssues(source: RuleStore): void {
  const errors = source.issues().filter(({ severity }) => severity === 'error')
  for (const issue of errors) say(shownIssue(issue))
  if (errors.length > 0) throw new CommandFailure('', EXIT.failed)
}
