import { eventRecord } from '../../events/event-record.js'
import type { TaggerEvent } from '../../events/tagger-event.js'

/** One line of the `events` format, without a line ending: decoded again, it gives an equal event. */
export function encodeEvent(event: TaggerEvent): string {
  return JSON.stringify(eventRecord(event))
}
