import { isConcluded } from '../../events/concluded-event.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
import type { EventFields } from '../../rules/event-fields.js'
import type { Tag } from '../../tagging/tag.js'
import { NO_OWN_ADDRESSES, type OwnAddresses } from '../../text/own-addresses.js'
import { EarliestEntries } from './earliest-entries.js'
import type { TimelineSubject } from './subject.js'
import { inTimelineOrder, type TimelineEntry, timelineEntry } from './timeline-entry.js'

/** Events that a timeline keeps, and as many conclusions: the earliest. */
export const MOST_EVENTS = 20_000

/** One session of one attacker on one decky. */
export interface TimelineSession {
  readonly sessionId: string
  readonly deckyId: string | null
  readonly sourceIp: string | null
  readonly service: string | null
  /** Time of its first and last event, in milliseconds since 1970. */
  readonly start: number
  readonly end: number
  /** In order, with what was concluded from several sessions, this one among them. */
  readonly entries: readonly TimelineEntry[]
}

export interface TimelineOptions {
  readonly subject: TimelineSubject
  /** Confidence below which tags are left out. */
  readonly least: number
  readonly fieldsOf: (event: TaggerEvent) => EventFields
  /** What is not to be shown. Default: nothing. */
  readonly ownAddresses?: OwnAddresses
  /** Default: `MOST_EVENTS`. */
  readonly limit?: number
}

/**
 * Gathers what is known of one session or attacker, in bounded memory and whatever order it comes in. An event that comes
 * twice is kept once.
 */
export class Timeline {
  readonly subject: TimelineSubject
  readonly #options: TimelineOptions
  readonly #observed: EarliestEntries
  readonly #concluded: EarliestEntries

  constructor(options: TimelineOptions) {
    const { limit = MOST_EVENTS } = options
    this.subject = options.subject
    this.#options = options
    this.#observed = new EarliestEntries(limit)
    this.#concluded = new EarliestEntries(limit)
  }

  /** Takes an event with its tags, and says whether it belongs here. */
  take(event: TaggerEvent, tags: readonly Tag[]): boolean {
    const { subject, least, fieldsOf, ownAddresses = NO_OWN_ADDRESSES } = this.#options
    const shown = tags.filter((tag) => tag.confidence >= least)
    if (!subject.includes(event, shown)) return false
    const order = this.count
    const entries = isConcluded(event) ? this.#concluded : this.#observed
    entries.offer(event.observedAt.getTime(), () => timelineEntry(event, shown, { order, fieldsOf, ownAddresses }))
    return true
  }

  /** How many were taken. */
  get count(): number {
    return this.#observed.offered + this.#concluded.offered
  }

  /** How many were left out since there were too many; repeated ones are counted each time. */
  get leftOut(): number {
    return this.#observed.leftOut + this.#concluded.leftOut
  }

  /** Everything in order. */
  entries(): readonly TimelineEntry[] {
    return [...this.#observed.items, ...this.#concluded.items].sort(inTimelineOrder)
  }

  /** The sessions, the earliest first. What was concluded from several is told in each that its tags name. */
  sessions(): readonly TimelineSession[] {
    const entries = this.entries()
    const groups = new Map<string, TimelineEntry[]>()
    for (const entry of entries) {
      if (entry.sessionId === null) continue
      const key = JSON.stringify([entry.attackerUuid, entry.deckyId, entry.sessionId])
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [entry])
      else group.push(entry)
    }
    const named = conclusionsBySession(entries)
    return [...groups.values()].map((own) => timelineSession(own, named)).sort((one, other) => one.start - other.start)
  }

  /** What happened outside any session, and what was concluded of the attacker as a whole, in order. */
  outsideSessions(): readonly TimelineEntry[] {
    return this.entries().filter((entry) => entry.sessionId === null && this.subject.isAttacker(entry))
  }
}

function conclusionsBySession(entries: readonly TimelineEntry[]): ReadonlyMap<string, readonly TimelineEntry[]> {
  const named = new Map<string, TimelineEntry[]>()
  for (const entry of entries) {
    for (const id of entry.namedSessions) {
      const known = named.get(id)
      if (known === undefined) named.set(id, [entry])
      else known.push(entry)
    }
  }
  return named
}

function timelineSession(
  own: readonly TimelineEntry[],
  named: ReadonlyMap<string, readonly TimelineEntry[]>,
): TimelineSession {
  const { sessionId, deckyId, attackerUuid } = own[0]!
  const observed = own.filter((entry) => !entry.isConcluded)
  const timed = observed.length > 0 ? observed : own
  const service = own.map(({ facts }) => facts.service).find((name) => typeof name === 'string')
  const wider = (named.get(sessionId!) ?? []).filter(
    (entry) => entry.attackerUuid === null || entry.attackerUuid === attackerUuid,
  )
  return {
    sessionId: sessionId!,
    deckyId,
    sourceIp: own.find(({ sourceIp }) => sourceIp !== null)?.sourceIp ?? null,
    service: typeof service === 'string' ? service : null,
    start: timed[0]!.at,
    end: timed.at(-1)!.at,
    entries: [...own, ...wider].sort(inTimelineOrder),
  }
}
