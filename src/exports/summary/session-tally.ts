import { FrequentItems } from '../../collections/frequent-items.js'
import { mostSpecificId, type Tag } from '../../tagging/tag.js'
import { TimeSpan } from '../page/time-span.js'

const MAX_SESSIONS = 1024

/** What a run says of one session of one attacker on one decky. */
export class SessionTally {
  sessionId = ''
  deckyId: string | null = null
  /** The attacker's address, or null where no tag tells it. */
  address: string | null = null
  tagCount = 0
  readonly seen = new TimeSpan()
  /** The highest confidence of each technique; the catalogue bounds their number. */
  readonly #confidences = new Map<string, number>()

  /** Distinct techniques. */
  get techniqueCount(): number {
    return this.#confidences.size
  }

  /** How many techniques an expert is expected to accept: many, and sure ones, make a session worth a look. */
  get weight(): number {
    let sum = 0
    for (const confidence of this.#confidences.values()) sum += confidence
    return sum
  }

  /** Adds tags of one event of the session. */
  add(tags: readonly Tag[]): void {
    for (const tag of tags) {
      this.sessionId = tag.sessionId ?? ''
      this.deckyId = tag.deckyId
      this.address ??= tag.sourceIp
      this.tagCount++
      this.seen.add(tag.observedAt.getTime())
      const techniqueId = mostSpecificId(tag)
      const known = this.#confidences.get(techniqueId)
      if (known === undefined || known < tag.confidence) this.#confidences.set(techniqueId, tag.confidence)
    }
  }
}

/** Finds the sessions with the most and surest techniques among those with the most tagged events, in bounded memory. */
export class SessionTallies {
  readonly #sessions = new FrequentItems({ capacity: MAX_SESSIONS, createDetail: () => new SessionTally() })

  /** Adds the tags of one event; those of none session are passed over. */
  addEvent(tags: readonly Tag[]): void {
    const [tag] = tags
    if (tag === undefined || tag.sessionId === null) return
    this.#sessions.add(`${tag.attackerUuid} ${tag.deckyId} ${tag.sessionId}`).add(tags)
  }

  /** The weightiest, these first. */
  top(limit: number): readonly SessionTally[] {
    return this.#sessions
      .top(MAX_SESSIONS)
      .map(({ detail }) => detail)
      .sort((one, other) => other.weight - one.weight)
      .slice(0, limit)
  }
}
