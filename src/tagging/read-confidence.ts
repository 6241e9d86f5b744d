import type { TaggerEvent } from '../events/tagger-event.js'
import {
  CLASSIFICATIONS,
  type Classification,
  isProvider,
  type Provider,
  providerTable,
} from '../intel/provider-tables.js'
import type { Tag } from './tag.js'

/** One provider's opinion of an attacker, and since when. */
interface Opinion {
  readonly classification: Classification
  /** Milliseconds since 1970. */
  readonly at: number
  readonly sourceId: string
}

/** What a reader must know of an attacker to read confidence. */
export interface BenignVerdict {
  readonly provider: Provider
  /** What is left of the confidence. */
  readonly factor: number
}

/**
 * The confidence that a reader sees: where a provider calls the attacker benign, less for what patterns saw in single
 * events. What was concluded from several of them stands, and so does what third parties say. What is stored never changes.
 */
export function readConfidence(tag: Pick<Tag, 'confidence' | 'basis'>, benign: BenignVerdict | null): number {
  return benign === null || tag.basis !== 'observed' ? tag.confidence : tag.confidence * benign.factor
}

/**
 * Which attackers are benign by the latest verdict of a provider whose word on that counts. Any order of verdicts gives the
 * same: the one of the later time counts, of the same time the one with the greater id.
 */
export class BenignVerdicts {
  readonly #opinions = new Map<Provider, Map<string, Opinion>>()

  add({ attackerUuid, sourceId, observedAt, payload }: TaggerEvent): void {
    const { provider, scope } = payload
    const classification = CLASSIFICATIONS.find((known) => known === payload.classification)
    if (attackerUuid === null || scope !== undefined || classification === undefined || !isProvider(provider)) return
    if (providerTable(provider).benign_factor === undefined) return
    const opinions = this.#opinions.get(provider) ?? new Map<string, Opinion>()
    this.#opinions.set(provider, opinions)
    const opinion = { classification, at: observedAt.getTime(), sourceId }
    const known = opinions.get(attackerUuid)
    if (known === undefined || isLater(opinion, known)) opinions.set(attackerUuid, opinion)
  }

  /** The verdict that leaves least of the confidence in what patterns saw; null where nobody calls the attacker benign. */
  of(attackerUuid: string | null): BenignVerdict | null {
    let least: BenignVerdict | null = null
    if (attackerUuid === null) return least
    for (const [provider, opinions] of this.#opinions) {
      const factor = providerTable(provider).benign_factor ?? 1
      if (opinions.get(attackerUuid)?.classification !== 'benign') continue
      if (least === null || factor < least.factor) least = { provider, factor }
    }
    return least
  }
}

function isLater(one: Opinion, other: Opinion): boolean {
  return one.at > other.at || (one.at === other.at && one.sourceId > other.sourceId)
}
