import { DistinctCounter } from '../../collections/distinct-counter.js'
import type { Tag } from '../../tagging/tag.js'
import { TimeSpan } from '../page/time-span.js'
import { sessionIdsOf } from '../session-ids.js'

/** Attackers and sessions of one technique that are counted exactly. */
const EXACT_LIMIT = 1024

/** What a run says of one technique under one tactic. */
export class TechniqueTally {
  readonly tactic: string
  /** The most specific id: `T1059.004`. */
  readonly techniqueId: string
  readonly attackers = new DistinctCounter({ exactLimit: EXACT_LIMIT })
  readonly sessions = new DistinctCounter({ exactLimit: EXACT_LIMIT })
  /** What third parties say is of their own time, and not among it. */
  readonly seen = new TimeSpan()
  tagCount = 0
  highestConfidence = 0
  #confidenceSum = 0

  constructor(tactic: string, techniqueId: string) {
    this.tactic = tactic
    this.techniqueId = techniqueId
  }

  get meanConfidence(): number {
    return this.tagCount === 0 ? 0 : this.#confidenceSum / this.tagCount
  }

  add(tag: Tag): void {
    this.tagCount++
    this.#confidenceSum += tag.confidence
    if (tag.confidence > this.highestConfidence) this.highestConfidence = tag.confidence
    if (tag.sourceKind !== 'intel') this.seen.add(tag.observedAt.getTime())
    const attacker = tag.attackerUuid ?? tag.identityUuid
    if (attacker !== null) this.attackers.add(attacker)
    for (const session of sessionIdsOf(tag)) this.sessions.add(session)
  }
}
