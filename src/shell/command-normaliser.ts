import { BoundedCache } from '../collections/bounded-cache.js'
import type { CommandViews } from './command-views.js'
import { DEFAULT_LIMITS, type NormaliserLimits } from './limits.js'
import { normaliseCommand } from './normalise.js'

/** Longer lines are rarely typed twice, and would fill the memory that the cache is meant to bound. */
const LONGEST_KEPT = 4096
const DEFAULT_ENTRIES = 2048

/** `normaliseCommand` with a bounded memory: attackers repeat each other word for word. */
export class CommandNormaliser {
  readonly #limits: NormaliserLimits
  readonly #cache: BoundedCache<string, CommandViews>

  constructor(options: { readonly limits?: NormaliserLimits; readonly entries?: number } = {}) {
    this.#limits = options.limits ?? DEFAULT_LIMITS
    this.#cache = new BoundedCache({ entries: options.entries ?? DEFAULT_ENTRIES })
  }

  /** The views of a line; the very same object for a line that is still remembered. */
  normalise(text: string): CommandViews {
    if (text.length > LONGEST_KEPT) return normaliseCommand(text, this.#limits)
    const remembered = this.#cache.get(text)
    if (remembered !== undefined) return remembered
    const views = normaliseCommand(text, this.#limits)
    this.#cache.set(text, views)
    return views
  }
}
