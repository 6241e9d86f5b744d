import { withSpan } from '../observability/tracing.js'
import { type RuleChange, SubscriberLaggedError } from './rule-store.js'

/** Most rules whose changes may wait for one subscriber. */
const DEFAULT_LIMIT = 50_000

/** Tells every change to every subscriber, in order, each at its own pace and in bounded memory. */
export class ChangeFeed {
  readonly #limit: number
  readonly #subscriptions = new Set<Subscription>()
  #isOpen = false
  #isClosed = false

  constructor(limit: number = DEFAULT_LIMIT) {
    this.#limit = limit
  }

  /** Registered at the call. */
  subscribe(): AsyncIterableIterator<RuleChange> {
    const subscription = new Subscription(this.#limit, () => this.#subscriptions.delete(subscription))
    if (this.#isClosed) subscription.end()
    else this.#subscriptions.add(subscription)
    return subscription
  }

  /** From here on changes are told: what the first load brings is no change. */
  open(): void {
    this.#isOpen = true
  }

  publish(change: RuleChange): void {
    if (!this.#isOpen) return
    withSpan('ttp.rule.publish', { 'ttp.rule.id': change.ruleId ?? 'unknown', 'ttp.rule.change': change.kind }, () => {
      for (const subscription of this.#subscriptions) subscription.add(change)
    })
  }

  /** Ends all subscriptions, after what waits in them. */
  close(): void {
    this.#isClosed = true
    for (const subscription of this.#subscriptions) subscription.end()
    this.#subscriptions.clear()
  }
}

class Subscription implements AsyncIterableIterator<RuleChange> {
  readonly #limit: number
  readonly #onReturn: () => void
  /** By what they change, in the order in which each was first told; a later change of the same takes its place. */
  readonly #waiting = new Map<string, RuleChange>()
  readonly #readers: ((result: IteratorResult<RuleChange>) => void)[] = []
  #lag: SubscriberLaggedError | null = null
  #isOver = false

  constructor(limit: number, onReturn: () => void) {
    this.#limit = limit
    this.#onReturn = onReturn
  }

  add(change: RuleChange): void {
    const reader = this.#readers.shift()
    if (reader === undefined) this.#wait(change)
    else reader({ done: false, value: change })
  }

  #wait(change: RuleChange): void {
    const key = coalescingKey(change)
    // Taken out and put in again, so that a rule's changes never overtake what came between them.
    this.#waiting.delete(key)
    this.#waiting.set(key, change)
    if (this.#waiting.size <= this.#limit) return
    this.#waiting.clear()
    this.#lag = new SubscriberLaggedError(this.#limit)
    this.#finish()
  }

  end(): void {
    this.#isOver = true
    for (const reader of this.#readers.splice(0)) reader({ done: true, value: undefined })
  }

  next(): Promise<IteratorResult<RuleChange>> {
    for (const [key, change] of this.#waiting) {
      this.#waiting.delete(key)
      return Promise.resolve({ done: false, value: change })
    }
    if (this.#lag !== null) {
      const lag = this.#lag
      this.#lag = null
      return Promise.reject(lag)
    }
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve) => this.#readers.push(resolve))
  }

  return(): Promise<IteratorResult<RuleChange>> {
    this.#waiting.clear()
    this.#finish()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #finish(): void {
    this.#onReturn()
    this.end()
  }
}

/** Changes with one key say the same thing of the same rule, so the latest speaks for all. */
function coalescingKey(change: RuleChange): string {
  switch (change.kind) {
    case 'definition':
    case 'removed':
      return `definition ${change.ruleId}`
    case 'state':
      return `state ${change.ruleId}`
    case 'rejected':
      return `rejected ${change.file}`
  }
}
