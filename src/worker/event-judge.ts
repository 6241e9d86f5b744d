import type { IdentityMembership } from '../correlation/identity-membership.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { EventPipeline } from '../pipeline/event-pipeline.js'
import type { Tag } from '../tagging/tag.js'
import { isPromise } from '../tagging/tagger.js'

/** Events that are judged before others get their turn. */
const EVENTS_IN_A_ROW = 100

export interface EventJudgeOptions {
  readonly pipeline: EventPipeline
  /** Who belongs to whom by now: a tag states the identity that is known when it is made. */
  readonly membership: IdentityMembership
}

/** Judges events by the rules that are in force, lists of them without holding up the process. */
export class EventJudge {
  readonly #options: EventJudgeOptions

  constructor(options: EventJudgeOptions) {
    this.#options = options
  }

  /** The tags of events, in their order. */
  async judge(events: readonly TaggerEvent[]): Promise<readonly Tag[]> {
    const { pipeline } = this.#options
    const tags: Tag[] = []
    for (let index = 0; index < events.length; index++) {
      const answer = pipeline.tag(events[index]!)
      for (const tag of isPromise(answer) ? await answer : answer) tags.push(this.#identified(tag))
      if (index % EVENTS_IN_A_ROW === EVENTS_IN_A_ROW - 1) await new Promise(setImmediate)
    }
    return tags
  }

  #identified(tag: Tag): Tag {
    if (tag.identityUuid !== null || tag.attackerUuid === null) return tag
    const identityUuid = this.#options.membership.identityOf(tag.attackerUuid)
    return identityUuid === null ? tag : { ...tag, identityUuid }
  }
}
