import type { Tag } from '../tagging/tag.js'

const MINUTE = 60_000
/** Pairs of rule and attacker that are remembered at most. */
const MOST_PAIRS = 50_000

/** What was held back of one rule and one attacker. */
export interface Suppression {
  readonly ruleId: string
  readonly attackerUuid: string | null
  readonly identityUuid: string | null
  readonly count: number
  /** Milliseconds since 1970. */
  readonly since: number
  readonly until: number
}

interface Allowance {
  readonly tag: Pick<Tag, 'ruleId' | 'attackerUuid' | 'identityUuid'>
  readonly since: number
  told: number
  held: number
}

export interface FiringLimitOptions {
  /** Announcements of one rule for one attacker within a minute; what is above waits for nobody and is counted. */
  readonly perMinute: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Bounds how often a rule is announced for an attacker. What is stored never depends on it. */
export class FiringLimit {
  readonly #options: FiringLimitOptions
  /** In the order of their minutes. */
  readonly #allowances = new Map<string, Allowance>()

  constructor(options: FiringLimitOptions) {
    this.#options = options
  }

  /** Whether a tag is to be announced; counts it either way. */
  allow(tag: Tag): boolean {
    const allowance = this.#allowanceOf(tag)
    if (allowance.told < this.#options.perMinute) {
      allowance.told++
      return true
    }
    allowance.held++
    return false
  }

  /** What was held back in minutes that are over, each told once; with `all`, also in those that are not. */
  takeSuppressed(all = false): readonly Suppression[] {
    const now = this.#options.now()
    const suppressed: Suppression[] = []
    for (const [key, { tag, since, held }] of this.#allowances) {
      const isOver = now >= since + MINUTE
      if (!isOver && !all && this.#allowances.size <= MOST_PAIRS) break
      this.#allowances.delete(key)
      if (held > 0) suppressed.push({ ...tag, count: held, since, until: Math.min(now, since + MINUTE) })
    }
    return suppressed
  }

  #allowanceOf({ ruleId, attackerUuid, identityUuid }: Tag): Allowance {
    const key = `${ruleId} ${attackerUuid ?? ''} ${identityUuid ?? ''}`
    let allowance = this.#allowances.get(key)
    if (allowance === undefined) {
      allowance = { tag: { ruleId, attackerUuid, identityUuid }, since: this.#options.now(), told: 0, held: 0 }
      this.#allowances.set(key, allowance)
    }
    return allowance
  }
}
