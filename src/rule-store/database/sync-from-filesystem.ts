import { basename } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { chunks } from '../../collections/chunks.js'
import type { CompiledRule } from '../../rules/compiled-rule.js'
import type { Database } from '../../storage/database.js'
import { Lease, LeaseLostError } from '../../storage/swarm/lease.js'
import { describeError, SILENT_LOG, type TaggingLog } from '../../tagging/tolerant-tagger.js'
import type { FilesystemRuleStore } from '../filesystem/filesystem-rule-store.js'
import { type RuleChange, SubscriberLaggedError } from '../rule-store.js'
import type { DatabaseRuleStore, WriteGuard } from './database-rule-store.js'
import type { RuleRecord } from './rule-record.js'

/** The role of the one process that projects a folder. */
const MASTER = 'rule-master'
/** How long removals are gathered before the folder is compared, in milliseconds: rules mostly go in numbers. */
const GATHER_REMOVALS = 50
/** Rules that are written in one transaction. */
const BATCH = 200
/** How long to wait before the whole folder is compared again after a failure, in milliseconds. */
const RETRY_DELAY = 1000

/** What a comparison of the folder with the database came to. */
export interface Reconciliation {
  /** Definitions that were inserted or updated. */
  readonly written: number
  readonly removed: number
  /** Definitions that were as they should be. */
  readonly unchanged: number
  /** Definitions that the folder does not have, but that stay: a file that is there is broken, or no rule is there. */
  readonly spared: number
}

export interface SyncOptions {
  readonly database: Database
  readonly target: DatabaseRuleStore
  readonly updatedBy: string
  /** Whether a folder without any rule may take all rules away; it is mostly one that is not mounted. Default false. */
  readonly allowEmpty?: boolean
  /** Goes on projecting changes until it is aborted; left out, the folder is compared once. */
  readonly follow?: AbortSignal
  /** How long the master's lease lasts, in milliseconds. */
  readonly leaseDuration?: number
  readonly log?: TaggingLog
  /** Told when this process has become the master. */
  readonly onMaster?: () => void
  readonly onReconciled?: (result: Reconciliation) => void
  readonly onProjected?: (change: RuleChange) => void
}

/**
 * Makes the database hold what a folder holds, and keeps it so: the master's work. Compares the whole folder first, then
 * projects each change. While another process does so this one waits, and takes over when that goes. A file that is there
 * but broken deletes nothing, neither its own rule nor, where nobody can tell which that was, any other.
 */
export async function syncFromFilesystem(source: FilesystemRuleStore, options: SyncOptions): Promise<void> {
  const { follow } = options
  do {
    try {
      await using lease = await acquire(options)
      options.onMaster?.()
      await new FolderProjection(source, options, lease).run()
    } catch (error) {
      if (follow === undefined) throw error
      if (follow.aborted) return
      const { log = SILENT_LOG } = options
      const message = error instanceof LeaseLostError ? error.message : 'the rules could not be written; trying again'
      log.warn({ error: describeError(error) }, message)
      await delay(RETRY_DELAY, undefined, { signal: follow }).catch(() => {})
    }
  } while (follow !== undefined && !follow.aborted)
}

function acquire({ database, follow, leaseDuration }: SyncOptions): Promise<Lease> {
  return Lease.acquire(database, {
    name: MASTER,
    ...(leaseDuration !== undefined && { duration: leaseDuration }),
    ...(follow !== undefined && { signal: follow }),
  })
}

/** One master's time in office. */
class FolderProjection {
  readonly #source: FilesystemRuleStore
  readonly #options: SyncOptions
  readonly #lease: Lease
  #removal: Promise<void> | null = null
  #failure: { readonly error: unknown } | null = null
  #endChanges = () => {}

  constructor(source: FilesystemRuleStore, options: SyncOptions, lease: Lease) {
    this.#source = source
    this.#options = options
    this.#lease = lease
  }

  async run(): Promise<void> {
    const { follow } = this.#options
    if (follow === undefined) return this.#reconcile()
    const stop = AbortSignal.any([follow, this.#lease.lost])
    while (!stop.aborted) {
      const changes = this.#source.subscribeChanges()
      const end = () => void changes.return?.()
      this.#endChanges = end
      stop.addEventListener('abort', end, { once: true })
      try {
        await this.#reconcile()
        for await (const change of changes) await this.#project(change)
        await this.#removal
        if (this.#failure !== null) throw this.#failure.error
      } catch (error) {
        if (!(error instanceof SubscriberLaggedError)) throw error
      } finally {
        stop.removeEventListener('abort', end)
        await changes.return?.()
      }
    }
    if (this.#lease.lost.aborted) throw this.#lease.lost.reason
  }

  /** Subscribed before, so that what changes meanwhile is projected after. */
  async #reconcile(): Promise<void> {
    const { target, updatedBy: by, onReconciled } = this.#options
    const wanted = (await this.#source.loadCompiled()).map(recordOf)
    const kept = await target.records()
    const { remove, spared } = this.#superfluous(wanted, kept)
    let written = 0
    for (const put of chunks(wanted, BATCH)) written += await target.write({ put, by }, this.#guard)
    const removed = remove.length === 0 ? 0 : await target.write({ remove, by }, this.#guard)
    onReconciled?.({ written, removed, unchanged: wanted.length - written, spared })
  }

  #superfluous(wanted: readonly RuleRecord[], kept: Awaited<ReturnType<DatabaseRuleStore['records']>>) {
    const wantedIds = new Set(wanted.map(({ ruleId }) => ruleId))
    const broken = this.#source.broken()
    const brokenIds = new Set(broken.map(({ ruleId }) => ruleId))
    const brokenFiles = new Set(broken.map(({ path }) => basename(path)))
    const keptFiles = new Set(kept.map((row) => row.source_path))
    const isEmpty = wanted.length === 0 && broken.length === 0 && this.#options.allowEmpty !== true
    const isUncertain = isEmpty || broken.some(({ path, ruleId }) => ruleId === null && !keptFiles.has(basename(path)))
    const superfluous = kept.filter((row) => !wantedIds.has(row.rule_id))
    const remove = superfluous
      .filter((row) => !isUncertain && !brokenIds.has(row.rule_id) && !brokenFiles.has(row.source_path))
      .map((row) => row.rule_id)
    return { remove, spared: superfluous.length - remove.length }
  }

  #reconcileSoon(): void {
    const compare = async () => {
      await delay(GATHER_REMOVALS)
      this.#removal = null
      await this.#reconcile()
    }
    this.#removal ??= compare().catch((error: unknown) => {
      this.#failure = { error }
      this.#endChanges()
    })
  }

  async #project(change: RuleChange): Promise<void> {
    const { target, updatedBy: by, onProjected } = this.#options
    if (change.kind === 'definition') await target.write({ put: [recordOf(change.rule)], by }, this.#guard)
    // What goes because a file broke, or was there before and is broken now, is left to the comparison of the whole.
    else if (change.kind === 'removed') this.#reconcileSoon()
    if (change.kind !== 'state') onProjected?.(change)
  }

  readonly #guard: WriteGuard = (transaction) => this.#lease.guard(transaction)
}

function recordOf(rule: CompiledRule): RuleRecord {
  const { ruleId, ruleVersion, source } = rule
  return { ruleId, ruleVersion, path: basename(source.path), text: source.text }
}
