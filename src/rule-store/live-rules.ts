import { type CompiledRule, withState } from '../rules/compiled-rule.js'
import { DEFAULT_RULE_STATE, hasEnded, type RuleState, sameRuleState } from '../rules/rule-state.js'
import type { ChangeFeed } from './change-feed.js'
import { ExpiryTimer } from './expiry-timer.js'

export interface LiveRulesOptions {
  readonly feed: ChangeFeed
  /** The clock by which states end. */
  readonly now: () => Date
  /** Told of each rule whose state has just ended, after it was announced. */
  readonly onExpired?: (ruleId: string) => void
}

/** The definitions and states that are in force, of any store; announces each change of one. States end by themselves. */
export class LiveRules {
  readonly #options: LiveRulesOptions
  /** As compiled: the state of each is what its file says. */
  readonly #definitions = new Map<string, CompiledRule>()
  readonly #states = new Map<string, RuleState>()
  readonly #expiry: ExpiryTimer

  constructor(options: LiveRulesOptions) {
    this.#options = options
    this.#expiry = new ExpiryTimer(options.now, () => this.endStates())
  }

  /** The definition in force, its state stamped on. */
  rule(ruleId: string): CompiledRule | undefined {
    const definition = this.#definitions.get(ruleId)
    return definition === undefined ? undefined : this.#stamped(definition)
  }

  rules(): readonly CompiledRule[] {
    return [...this.#definitions.values()].map((definition) => this.#stamped(definition))
  }

  /** The state in force: what was set and has not ended, else what the definition says. */
  state(ruleId: string): RuleState {
    const state = this.#states.get(ruleId)
    if (state !== undefined && !hasEnded(state, this.#options.now())) return state
    return this.#definitions.get(ruleId)?.state ?? DEFAULT_RULE_STATE
  }

  /** Every state that was set and has not ended. */
  states(): ReadonlyMap<string, RuleState> {
    const now = this.#options.now()
    return new Map([...this.#states].filter(([, state]) => !hasEnded(state, now)))
  }

  /** Puts a definition in force; announced unless that very text is. */
  define(definition: CompiledRule, seq: number | null = null): void {
    const { ruleId, source } = definition
    const before = this.#definitions.get(ruleId)
    this.#definitions.set(ruleId, definition)
    if (before?.source.text === source.text) return
    this.#options.feed.publish({ kind: 'definition', ruleId, rule: this.#stamped(definition), seq })
  }

  remove(ruleId: string, seq: number | null = null): void {
    const rule = this.rule(ruleId)
    if (rule === undefined) return
    this.#definitions.delete(ruleId)
    this.#options.feed.publish({ kind: 'removed', ruleId, rule, seq })
  }

  /** Puts a state in force, or with the default takes it away; announced unless it means what was meant before. */
  setState(ruleId: string, state: RuleState, seq: number | null = null): void {
    // A state whose time has come but whose timer has not is announced as ended first.
    this.endStates()
    const before = this.state(ruleId)
    if (hasEnded(state, this.#options.now()) || sameRuleState(state, DEFAULT_RULE_STATE)) this.#states.delete(ruleId)
    else this.#states.set(ruleId, state)
    this.#scheduleExpiry()
    const after = this.state(ruleId)
    if (!sameRuleState(before, after)) {
      this.#options.feed.publish({ kind: 'state', ruleId, state: after, endedAt: null, seq })
    }
  }

  /** Ends every state whose time has come. Called by itself; also to be called where the clock was found to be wrong. */
  endStates(): void {
    const now = this.#options.now()
    for (const [ruleId, state] of [...this.#states]) {
      if (!hasEnded(state, now)) continue
      this.#states.delete(ruleId)
      const endedAt = state.expiresAt
      this.#options.feed.publish({ kind: 'state', ruleId, state: this.state(ruleId), endedAt, seq: null })
      this.#options.onExpired?.(ruleId)
    }
    this.#scheduleExpiry()
  }

  close(): void {
    this.#expiry.wakeAt(null)
  }

  #stamped(definition: CompiledRule): CompiledRule {
    const state = this.state(definition.ruleId)
    return state === definition.state ? definition : withState(definition, state)
  }

  #scheduleExpiry(): void {
    let earliest: Date | null = null
    for (const { expiresAt } of this.#states.values()) {
      if (expiresAt !== null && (earliest === null || expiresAt < earliest)) earliest = expiresAt
    }
    this.#expiry.wakeAt(earliest)
  }
}
