import { FrequentItems } from '../../collections/frequent-items.js'
import type { TaggerEvent } from '../../events/tagger-event.js'

const MAX_NAMES = 1024
const SHOWN = 5
/** A shorter beginning that two names share says nothing. */
const FEWEST_SHARED = 3

/** A session or attacker that may have been meant. */
export interface Candidate {
  readonly name: string
  readonly events: number
}

/** Counts sessions and attackers, so that who asks for one that is not there can be told which there are. Bounded. */
export class Candidates {
  readonly #sessions = new FrequentItems<null>({ capacity: MAX_NAMES, createDetail: () => null })
  readonly #attackers = new FrequentItems<null>({ capacity: MAX_NAMES, createDetail: () => null })

  add({ sessionId, sourceIp, attackerUuid }: TaggerEvent): void {
    if (sessionId !== null) this.#sessions.add(sessionId)
    const attacker = sourceIp ?? attackerUuid
    if (attacker !== null) this.#attackers.add(attacker)
  }

  /** The sessions and attackers whose names begin most like a text, at least with the same three characters. */
  nearest(text: string): readonly Candidate[] {
    return [...candidatesOf(this.#sessions, MAX_NAMES), ...candidatesOf(this.#attackers, MAX_NAMES)]
      .map((candidate) => ({ ...candidate, shared: sharedLength(candidate.name, text) }))
      .filter(({ shared }) => shared >= FEWEST_SHARED)
      .sort((one, other) => other.shared - one.shared || other.events - one.events)
      .slice(0, SHOWN)
  }

  /** Those with the most events. */
  busiestSessions(): readonly Candidate[] {
    return candidatesOf(this.#sessions, SHOWN)
  }

  busiestAttackers(): readonly Candidate[] {
    return candidatesOf(this.#attackers, SHOWN)
  }
}

function candidatesOf(items: FrequentItems<null>, limit: number): readonly Candidate[] {
  return items.top(limit).map(({ key, count }) => ({ name: key, events: count }))
}

function sharedLength(one: string, other: string): number {
  let length = 0
  while (length < one.length && length < other.length && one[length] === other[length]) length++
  return length
}
