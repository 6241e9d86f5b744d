import { DistinctCounter } from '../../collections/distinct-counter.js'
import { FrequentItems } from '../../collections/frequent-items.js'
import type { Tag } from '../../tagging/tag.js'
import { TimeSpan } from '../page/time-span.js'
import { sessionIdsOf } from '../session-ids.js'

const MAX_IDENTITIES = 256
const EXACT_LIMIT = 128

/** What a run says of one identity: of it as a whole, and of the attackers that belong to it. */
export class IdentityTally {
  /** Attackers with a tag. */
  readonly members = new DistinctCounter({ exactLimit: EXACT_LIMIT })
  readonly sessions = new DistinctCounter({ exactLimit: EXACT_LIMIT })
  /** Most specific ids; the catalogue bounds their number. */
  readonly techniques = new Set<string>()
  /** What third parties say is of their own time, and not among it. */
  readonly seen = new TimeSpan()

  add(tag: Tag, techniqueId: string): void {
    if (tag.attackerUuid !== null) this.members.add(tag.attackerUuid)
    for (const session of sessionIdsOf(tag)) this.sessions.add(session)
    this.techniques.add(techniqueId)
    if (tag.sourceKind !== 'intel') this.seen.add(tag.observedAt.getTime())
  }
}

/** Finds the identities with the most tags. */
export function createIdentityTallies(): FrequentItems<IdentityTally> {
  return new FrequentItems({ capacity: MAX_IDENTITIES, createDetail: () => new IdentityTally() })
}
