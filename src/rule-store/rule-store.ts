import type { CompiledRule } from '../rules/compiled-rule.js'
import type { RuleIssue } from '../rules/rule-issue.js'
import type { RuleState } from '../rules/rule-state.js'

/** What all changes tell. */
interface ChangeFacts {
  readonly ruleId: string
  /** The change's place in the database's log; null where there is none. */
  readonly seq: number | null
}

/** A rule has a new definition, or its first; its state is stamped on. */
export interface DefinitionChange extends ChangeFacts {
  readonly kind: 'definition'
  readonly rule: CompiledRule
}

/** A rule is gone; `rule` is what it last was. */
export interface RemovedChange extends ChangeFacts {
  readonly kind: 'removed'
  readonly rule: CompiledRule
}

/** A rule has another state. `endedAt` is the end of the state before, where that came to it. */
export interface StateChange extends ChangeFacts {
  readonly kind: 'state'
  readonly state: RuleState
  readonly endedAt: Date | null
}

/** Changes no rule: a definition was offered that has errors, and what ran before goes on. */
export interface RejectedChange {
  readonly kind: 'rejected'
  /** Null where the file does not say. */
  readonly ruleId: string | null
  readonly file: string
  readonly issues: readonly RuleIssue[]
  readonly seq: number | null
}

/** One change of one rule; never a batch. */
export type RuleChange = DefinitionChange | RemovedChange | StateChange | RejectedChange

/** One entry of the log of changes. `before` and `after` are what was kept, in the names of its table; null: nothing. */
export interface RuleLogEntry {
  readonly seq: number
  readonly ruleId: string
  readonly kind: 'definition' | 'removed' | 'state'
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
  readonly at: Date
  readonly by: string
}

export interface HistoryQuery {
  /** Only changes of this rule. */
  readonly ruleId?: string
  /** Most entries that are answered. */
  readonly limit: number
}

/** A subscriber that fell too far behind, so that changes were dropped: load everything again. */
export class SubscriberLaggedError extends Error {
  override readonly name = 'SubscriberLaggedError'

  constructor(limit: number) {
    super(`more than ${limit} rule changes were waiting; load the rules again`)
  }
}

/**
 * Where rule definitions and their operational states live. Definitions change by whoever edits them, states by operators;
 * both change while rules run. Whatever is asked of a store starts it.
 */
export interface RuleStore extends AsyncDisposable {
  /** Place in the log of changes that is in force here; null where the store keeps no log. */
  readonly seq: number | null

  /** Loads, and begins to watch. Idempotent. */
  start(): Promise<void>

  /** Every rule that can run, its state stamped on. */
  loadCompiled(): Promise<readonly CompiledRule[]>

  /**
   * What the operator set, until it ends; else what the rule's definition says: disabled with a reason, or the default. A
   * rule that does not exist has the default.
   */
  getState(ruleId: string): Promise<RuleState>

  /** Every state that was set and has not ended, by rule id; for rules, too, that do not exist yet. */
  listStates(): Promise<ReadonlyMap<string, RuleState>>

  /**
   * Sets a rule's state; settles once it is kept and loads and changes of this store show it. `setBy` and the time of
   * setting are stamped on. A rule need not exist yet: the state applies when it comes.
   *
   * @throws RuleStateError if the state makes no sense; another error if it was not kept
   */
  setState(ruleId: string, state: RuleState, setBy: string): Promise<void>

  /** Takes away what was set, so that the rule is as its definition says; nothing happens where nothing is set. */
  clearState(ruleId: string, setBy: string): Promise<void>

  /**
   * Changes from this call on: one that comes before the first read waits. Changes of one rule that were not read yet may
   * be told as one, its latest; those of five rules are five. Ends when the store is disposed of or the reader returns.
   *
   * @throws SubscriberLaggedError from the iterator, if too many wait; the subscription is over then
   */
  subscribeChanges(): AsyncIterableIterator<RuleChange>

  /** The latest changes, newest first: who changed what, when, from what to what. Null where the store keeps no log. */
  history(query: HistoryQuery): Promise<readonly RuleLogEntry[] | null>

  /** The time by the clock that ends states. */
  now(): Promise<Date>

  /** What is wrong with the definitions that there are, in the order of files and lines. */
  issues(): readonly RuleIssue[]
}
