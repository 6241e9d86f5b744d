import { canonicalAddress } from '../events/address.js'
import { storedText } from './stored-text.js'

/** What a tag and a row of an event have in common: who was seen, and where. */
export interface Seen {
  readonly sourceKind: string
  readonly attackerUuid: string | null
  readonly sessionId: string | null
  readonly deckyId: string | null
  readonly sourceIp: string | null
}

/** What a batch says of one attacker, session or decky. */
export interface Sighting {
  readonly key: string
  /** Times are ISO 8601 in UTC. */
  firstSeen: string
  lastSeen: string
  /** Tags that are new. */
  newTags: number
  /** Events that are new. */
  newEvents: number
  /** The first tag or event that was seen of it, for what else it says. */
  readonly seen: Seen
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
  addTag(tag: Seen, observedAt: string, isNew: boolean): void {
    this.#add(tag, observedAt, { newTags: isNew ? 1 : 0, newEvents: 0 })
  }

  /** Takes an event that is new. */
  addEvent(event: Seen, observedAt: string): void {
    this.#add(event, observedAt, ONE_EVENT)
  }

  #add(seen: Seen, observedAt: string, counts: Counts): void {
    if (seen.attackerUuid !== null) see(this.attackers, seen.attackerUuid, { seen, observedAt, counts })
    if (seen.sessionId !== null) see(this.sessions, seen.sessionId, { seen, observedAt, counts })
    if (seen.deckyId !== null) see(this.deckies, seen.deckyId, { seen, observedAt, counts })
  }
}

type Counts = Pick<Sighting, 'newTags' | 'newEvents'>

const ONE_EVENT: Counts = { newTags: 0, newEvents: 1 }

/** The canonical address of a sighted attacker as it is stored, or null where the event told none. */
export function sightedAddress({ seen }: Sighting): string | null {
  return seen.sourceIp === null ? null : storedText(canonicalAddress(seen.sourceIp))
}

interface Sight {
  readonly seen: Seen
  readonly observedAt: string
  readonly counts: Counts
}

function see(sightings: Map<string, Sighting>, key: string, { seen, observedAt, counts }: Sight): void {
  // What a third party says is of its own time: nobody was seen here then.
  const isSeen = seen.sourceKind !== 'intel'
  const firstSeen = isSeen ? observedAt : NEVER.first
  const lastSeen = isSeen ? observedAt : NEVER.last
  const known = sightings.get(key)
  if (known === undefined) {
    sightings.set(key, { key, firstSeen, lastSeen, ...counts, seen })
    return
  }
  if (firstSeen < known.firstSeen) known.firstSeen = firstSeen
  if (lastSeen > known.lastSeen) known.lastSeen = lastSeen
  known.newTags += counts.newTags
  known.newEvents += counts.newEvents
}
