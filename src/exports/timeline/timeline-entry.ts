import { isConcluded } from '../../events/concluded-event.js'
import type { Outcome, TaggerEvent } from '../../events/tagger-event.js'
import type { EventFields } from '../../rules/event-fields.js'
import { type Basis, mostSpecificId, type Tag } from '../../tagging/tag.js'
import type { OwnAddresses } from '../../text/own-addresses.js'
import { sessionIdsOf } from '../session-ids.js'
import { type Facts, shownFacts } from './shown-facts.js'

/** What is shown of a tag. */
export interface TimelineTag {
  readonly uuid: string
  readonly tactic: string
  /** The most specific id: `T1059.004`. */
  readonly techniqueId: string
  readonly confidence: number
  readonly ruleId: string
  readonly basis: Basis
}

/** One event as a timeline keeps it: bounded, and without secrets. */
export interface TimelineEntry {
  readonly sourceKind: string
  readonly sourceId: string
  readonly attackerUuid: string | null
  readonly identityUuid: string | null
  readonly sessionId: string | null
  readonly deckyId: string | null
  readonly sourceIp: string | null
  /** Milliseconds since 1970. */
  readonly at: number
  readonly outcome: Outcome | null
  /** Whether it was concluded from several events. */
  readonly isConcluded: boolean
  readonly facts: Facts
  readonly tags: readonly TimelineTag[]
  /** Sessions that the evidence of its tags names, where it belongs to none; at most 64. */
  readonly namedSessions: readonly string[]
  /** How many came before it: the log's order. */
  readonly order: number
}

export interface EntryContext {
  readonly order: number
  readonly fieldsOf: (event: TaggerEvent) => EventFields
  readonly ownAddresses: OwnAddresses
}

/** Takes from an event and its tags what a timeline shows. */
export function timelineEntry(
  event: TaggerEvent,
  tags: readonly Tag[],
  { order, fieldsOf, ownAddresses }: EntryContext,
): TimelineEntry {
  return {
    sourceKind: event.sourceKind,
    sourceId: event.sourceId,
    attackerUuid: event.attackerUuid,
    identityUuid: event.identityUuid,
    sessionId: event.sessionId,
    deckyId: event.deckyId && ownAddresses.mask(event.deckyId),
    sourceIp: event.sourceIp && ownAddresses.mask(event.sourceIp),
    at: event.observedAt.getTime(),
    outcome: event.outcome,
    isConcluded: isConcluded(event),
    facts: shownFacts(event, { fieldsOf, ownAddresses }),
    tags: tags.map(timelineTag),
    namedSessions: event.sessionId === null ? [...new Set(tags.flatMap(sessionIdsOf))] : [],
    order,
  }
}

function timelineTag(tag: Tag): TimelineTag {
  const { uuid, tactic, confidence, ruleId, basis } = tag
  return { uuid, tactic, techniqueId: mostSpecificId(tag), confidence, ruleId, basis }
}

/** In the order of time; what was concluded after what it rests on, the rest as the log has it. */
export function inTimelineOrder(one: TimelineEntry, other: TimelineEntry): number {
  return one.at - other.at || Number(one.isConcluded) - Number(other.isConcluded) || one.order - other.order
}
