import { setTimeout as delay } from 'node:timers/promises'
import type { RuleChange, RuleStore } from '../rule-store/rule-store.js'
import { SubscriberLaggedError } from '../rule-store/rule-store.js'
import { type CompiledRule, withState } from '../rules/compiled-rule.js'
import { Ruleset } from '../rules/ruleset.js'

/** So many changes in one snapshot are a storm. */
const STORM = 4
/** Shortest time between two snapshots in a storm, in milliseconds, so that each takes many changes. */
const SHORTEST_INTERVAL = 60
/** How long to wait before rules are loaded again after that failed, in milliseconds. */
const RELOAD_DELAY = 500

export interface LiveRulesetOptions {
  readonly attackRelease: string
  /** Told of each change that the snapshot now holds, after the swap. */
  readonly onChange?: (change: RuleChange) => void
  /** Told where the rules could not be loaded again, and the last snapshot stays; and of what `onChange` threw. */
  readonly onError?: (error: unknown) => void
}

/**
 * The rules of a store as a snapshot that is swapped whole at each change. Whoever reads `current` keeps a consistent set
 * for as long as he likes. No change between loading and following is lost; a subscription that lagged loads again.
 */
export class LiveRuleset implements AsyncDisposable {
  readonly #store: RuleStore
  readonly #options: LiveRulesetOptions
  readonly #pending = new Map<string, CompiledRule | null>()
  #told: RuleChange[] = []
  #current: Ruleset
  #nextSwap = 0
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined
  #changes: AsyncIterableIterator<RuleChange>
  #following: Promise<void> = Promise.resolve()
  #isClosed = false

  private constructor(store: RuleStore, options: LiveRulesetOptions) {
    this.#store = store
    this.#options = options
    this.#current = new Ruleset([], options.attackRelease)
    this.#changes = store.subscribeChanges()
  }

  /** Loads the rules and follows the store from then on. Rejects where they cannot be loaded. */
  static async follow(store: RuleStore, options: LiveRulesetOptions): Promise<LiveRuleset> {
    const live = new LiveRuleset(store, options)
    try {
      await live.#load()
    } catch (error) {
      await live.#changes.return?.()
      throw error
    }
    live.#following = live.#follow()
    return live
  }

  /** The snapshot in force. */
  get current(): Ruleset {
    return this.#current
  }

  /** Loads all rules again, whatever was told of changes. Rejects where that fails; the last snapshot stays then. */
  async reload(): Promise<void> {
    await this.#load()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer as NodeJS.Timeout)
    clearImmediate(this.#timer as NodeJS.Immediate)
    await this.#changes.return?.()
    await this.#following
  }

  async #load(): Promise<void> {
    const rules = await this.#store.loadCompiled()
    this.#pending.clear()
    this.#current = new Ruleset(rules, this.#options.attackRelease, this.#current)
  }

  async #follow(): Promise<void> {
    while (!this.#isClosed) {
      try {
        for await (const change of this.#changes) this.#take(change)
        return
      } catch (error) {
        if (!(error instanceof SubscriberLaggedError)) this.#options.onError?.(error)
        await this.#reload()
      }
    }
  }

  async #reload(): Promise<void> {
    for (; !this.#isClosed; await delay(RELOAD_DELAY, undefined, { ref: false })) {
      try {
        this.#changes = this.#store.subscribeChanges()
        await this.#load()
        return
      } catch (error) {
        await this.#changes.return?.()
        this.#options.onError?.(error)
      }
    }
  }

  #take(change: RuleChange): void {
    this.#told.push(change)
    if (change.kind === 'definition') this.#pending.set(change.ruleId, change.rule)
    else if (change.kind === 'removed') this.#pending.set(change.ruleId, null)
    else if (change.kind === 'state') {
      const { ruleId } = change
      const rule = this.#pending.has(ruleId) ? this.#pending.get(ruleId) : this.#current.rules.get(ruleId)
      // A rule that comes later brings its state along.
      if (rule) this.#pending.set(ruleId, withState(rule, change.state))
    }
    this.#scheduleSwap()
  }

  /** At the end of this turn, when all changes that wait already have been taken; in a storm a little later. */
  #scheduleSwap(): void {
    if (this.#timer !== undefined) return
    const wait = this.#nextSwap - performance.now()
    const swap = () => this.#swap()
    this.#timer = wait <= 0 ? setImmediate(swap) : setTimeout(swap, wait)
  }

  #swap(): void {
    this.#timer = undefined
    this.#nextSwap = this.#pending.size < STORM ? 0 : performance.now() + SHORTEST_INTERVAL
    if (this.#pending.size > 0) this.#current = this.#current.with(this.#pending)
    this.#pending.clear()
    for (const change of this.#told.splice(0)) {
      try {
        this.#options.onChange?.(change)
      } catch (error) {
        this.#options.onError?.(error)
      }
    }
  }
}
