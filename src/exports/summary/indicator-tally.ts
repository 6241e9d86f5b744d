import { DistinctCounter } from '../../collections/distinct-counter.js'
import { FrequentItems } from '../../collections/frequent-items.js'
import type { Tag } from '../../tagging/tag.js'

const MAX_INDICATORS = 1024
const EXACT_ATTACKERS = 64

/** What an analyst looks up elsewhere, in the order in which a page shows it. */
export const INDICATOR_KINDS = ['urls', 'hosts', 'addresses', 'file_hashes', 'key_fingerprints', 'wallets'] as const
export type IndicatorKind = (typeof INDICATOR_KINDS)[number]

/** The attackers that used one indicator. */
export type IndicatorDetail = DistinctCounter

/** Counts the indicators in the evidence of tags: in how many events each was seen, and with how many attackers. */
export class IndicatorTally {
  readonly #byKind: ReadonlyMap<IndicatorKind, FrequentItems<IndicatorDetail>> = new Map(
    INDICATOR_KINDS.map((kind) => [kind, createIndicators()]),
  )

  /** Adds the indicators of one event's tags. Rules that saw the same thing count once. */
  addEvent(tags: readonly Tag[]): void {
    const counted = new Set<unknown>()
    for (const { evidence, attackerUuid } of tags) {
      const { observables } = evidence
      if (!isRecord(observables) || counted.has(observables)) continue
      counted.add(observables)
      for (const kind of INDICATOR_KINDS) this.#addValues(kind, observables[kind], attackerUuid, counted)
    }
  }

  of(kind: IndicatorKind): FrequentItems<IndicatorDetail> {
    return this.#byKind.get(kind)!
  }

  #addValues(kind: IndicatorKind, values: unknown, attackerUuid: string | null, counted: Set<unknown>): void {
    if (!Array.isArray(values)) return
    for (const value of values) {
      if (typeof value !== 'string' || counted.has(`${kind} ${value}`)) continue
      counted.add(`${kind} ${value}`)
      const attackers = this.of(kind).add(value)
      if (attackerUuid !== null) attackers.add(attackerUuid)
    }
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function createIndicators(): FrequentItems<IndicatorDetail> {
  const createDetail = () => new DistinctCounter({ exactLimit: EXACT_ATTACKERS })
  return new FrequentItems({ capacity: MAX_INDICATORS, createDetail })
}
