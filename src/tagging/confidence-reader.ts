import { providerTable } from '../intel/provider-tables.js'
import { type BenignVerdicts, readConfidence } from './read-confidence.js'
import type { Tag } from './tag.js'

/** Attackers that are told apart; more count as these. */
const MOST_ATTACKERS = 100_000

/** Gives tags as readers see them, and remembers whose confidence it lowered. */
export class ConfidenceReader {
  readonly #verdicts: BenignVerdicts
  readonly #lowered = new Map<string, { readonly factor: number; readonly attackers: Set<string> }>()

  constructor(verdicts: BenignVerdicts) {
    this.#verdicts = verdicts
  }

  /** The tags with the confidence that is read; the same array where nothing is lowered. */
  read(tags: readonly Tag[]): readonly Tag[] {
    return tags.some((tag) => this.#isLowered(tag)) ? tags.map((tag) => this.#readTag(tag)) : tags
  }

  /** One sentence for each provider that lowered something: `2 attackers are benign by GreyNoise: …`. */
  notes(): readonly string[] {
    return [...this.#lowered].map(([title, { factor, attackers }]) => {
      const who =
        attackers.size === 1 ? '1 attacker is a benign scanner' : `${attackers.size} attackers are benign scanners`
      return `${who} by ${title}: confidence in what patterns saw × ${factor}.`
    })
  }

  #isLowered({ basis, attackerUuid }: Tag): boolean {
    return basis === 'observed' && this.#verdicts.of(attackerUuid) !== null
  }

  #readTag(tag: Tag): Tag {
    const benign = this.#verdicts.of(tag.attackerUuid)
    const confidence = readConfidence(tag, benign)
    if (benign === null || confidence === tag.confidence) return tag
    const { title } = providerTable(benign.provider)
    const lowered = this.#lowered.get(title) ?? { factor: benign.factor, attackers: new Set<string>() }
    this.#lowered.set(title, lowered)
    if (lowered.attackers.size < MOST_ATTACKERS) lowered.attackers.add(tag.attackerUuid!)
    return { ...tag, confidence }
  }
}
