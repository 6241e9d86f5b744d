import { canonicalAddress } from '../events/address.js'
import type { Tag } from '../tagging/tag.js'
import { storedText } from './stored-text.js'

/** What a batch of tags says of one attacker, session or decky. */
export interface Sighting {
  readonly key: string
  /** Times are ISO 8601 in UTC. */
  firstSeen: string
  lastSeen: string
  /** Tags that are new. */
  newTags: number
  /** The first tag that was seen of it, for what else it says. */
  readonly tag: Tag
}

/**
 * The span of what was never seen, whose first time lies behind its last: any sighting narrows it to its own time, whatever
 * comes first.
 */
const NEVER = { first: '9999-12-31T23:59:59.999Z', last: '0001-01-01T00:00:00.000Z' }

/** Gathers what a batch says of attackers, sessions and deckies, so that each is written once a batch. */
export class Sightings {
  readonly attackers = new Map<string, Sighting>()
  readonly sessions = new Map<string, Sighting>()
  readonly deckies = new Map<string, Sighting>()

  /** @param observedAt the tag's time in ISO 8601 */
  add(tag: Tag, observedAt: string, isNew: boolean): void {
    if (tag.attackerUuid !== null) see(this.attackers, tag.attackerUuid, tag, observedAt, isNew)
    if (tag.sessionId !== null) see(this.sessions, tag.sessionId, tag, observedAt, isNew)
    if (tag.deckyId !== null) see(this.deckies, tag.deckyId, tag, observedAt, isNew)
  }
}

/** The canonical address of a sighted attacker as it is stored, or null where the event told none. */
export function sightedAddress({ tag }: Sighting): string | null {
  return tag.sourceIp === null ? null : storedText(canonicalAddress(tag.sourceIp))
}

function see(sightings: Map<string, Sighting>, key: string, tag: Tag, observedAt: string, isNew: boolean): void {
  const newTags = isNew ? 1 : 0
  // What a third party says is of its own time: nobody was seen here then.
  const isSeen = tag.sourceKind !== 'intel'
  const firstSeen = isSeen ? observedAt : NEVER.first
  const lastSeen = isSeen ? observedAt : NEVER.last
  const known = sightings.get(key)
  if (known === undefined) {
    sightings.set(key, { key, firstSeen, lastSeen, newTags, tag })
    return
  }
  if (firstSeen < known.firstSeen) known.firstSeen = firstSeen
  if (lastSeen > known.lastSeen) known.lastSeen = lastSeen
  known.newTags += newTags
}
