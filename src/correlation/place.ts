import type { TaggerEvent } from '../events/tagger-event.js'
import { unambiguous } from '../events/unambiguous.js'

/** Where something happened, and from where. Shared by what happened in one session. */
export interface Place {
  readonly sessionId: string | null
  readonly deckyId: string | null
  readonly service: string | null
  readonly sourceIp: string | null
}

/** The place of an event: the one that is known, where that is the same. */
export function placeOf({ sessionId, deckyId, sourceIp, payload }: TaggerEvent, known: Place | null): Place {
  const service = typeof payload.service === 'string' ? payload.service : null
  const isKnown =
    known !== null &&
    known.sessionId === sessionId &&
    known.deckyId === deckyId &&
    known.service === service &&
    known.sourceIp === sourceIp
  return isKnown ? known : { sessionId, deckyId, service, sourceIp }
}

/** One text for a session on a decky: ids of sessions say nothing across deckies. */
export function sessionOn({ sessionId, deckyId }: Place): string {
  return unambiguous(sessionId) + unambiguous(deckyId)
}

/** What all of some places say of one thing; where they differ, the first by its letters. Null where none says anything. */
export function commonTrait(places: Iterable<Place>, trait: 'service' | 'sourceIp'): string | null {
  let least: string | null = null
  for (const place of places) {
    const value = place[trait]
    if (value !== null && (least === null || value < least)) least = value
  }
  return least
}
