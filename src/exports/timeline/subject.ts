import { computeAttackerUuid } from '../../events/ids.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
import type { Tag } from '../../tagging/tag.js'
import { sessionIdsOf } from '../session-ids.js'

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i
const NETWORK = /\/64$/

/** What a timeline is of: a session by its id, or an attacker by an address (of IPv6, any of its /64) or UUID. */
export class TimelineSubject {
  /** As it was asked for. */
  readonly text: string
  readonly #attackerUuid: string
  readonly #identityUuid: string | null

  /** @param identityOf tells the identity of an attacker: what is concluded of it is told of the attacker, too */
  constructor(text: string, identityOf: (attackerUuid: string) => string | null = () => null) {
    this.text = text
    this.#attackerUuid = UUID.test(text) ? text.toLowerCase() : computeAttackerUuid(text.replace(NETWORK, ''))
    this.#identityUuid = identityOf(this.#attackerUuid)
  }

  /** Whether something is of the attacker that is asked for, or of its identity as a whole. */
  isAttacker({ attackerUuid, identityUuid }: Pick<TaggerEvent, 'attackerUuid' | 'identityUuid'>): boolean {
    if (attackerUuid !== null) return attackerUuid === this.#attackerUuid
    return identityUuid !== null && identityUuid === this.#identityUuid
  }

  /** Whether an event belongs to the timeline. What was concluded from several sessions does where a tag names ours. */
  includes(event: TaggerEvent, tags: readonly Tag[]): boolean {
    if (event.sessionId === this.text || this.isAttacker(event)) return true
    return event.sessionId === null && tags.some((tag) => sessionIdsOf(tag).includes(this.text))
  }
}
