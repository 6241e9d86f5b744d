import { DistinctCounter } from '../../collections/distinct-counter.js'
import { FrequentItems } from '../../collections/frequent-items.js'
import type { Tag } from '../../tagging/tag.js'
import { TimeSpan } from '../page/time-span.js'
import { sessionIdsOf } from '../session-ids.js'

const MAX_ATTACKERS = 1024
const EXACT_SESSIONS = 128

/** What a run says of one attacker. */
export class AttackerTally {
  /** The address it was first seen with, or null. */
  address: string | null = null
  readonly sessions = new DistinctCounter({ exactLimit: EXACT_SESSIONS })
  /** Most specific ids; the catalogue bounds their number. */
  readonly techniques = new Set<string>()
  /** What third parties say is of their own time, and not among it. */
  readonly seen = new TimeSpan()

  add(tag: Tag, techniqueId: string): void {
    this.address ??= tag.sourceIp
    for (const session of sessionIdsOf(tag)) this.sessions.add(session)
    this.techniques.add(techniqueId)
    if (tag.sourceKind !== 'intel') this.seen.add(tag.observedAt.getTime())
  }
}

/** Finds the attackers with the most tags. */
export function createAttackerTallies(): FrequentItems<AttackerTally> {
  return new FrequentItems({ capacity: MAX_ATTACKERS, createDetail: () => new AttackerTally() })
}
