import type { Payload } from '../events/tagger-event.js'

/** A payload of the fields that are there: those that are neither undefined nor null. The names are this program's own. */
export function dropAbsent(fields: Readonly<Record<string, unknown>>): Payload {
  const payload: Record<string, unknown> = {}
  // Many times faster than by way of a list of entries, and every event has a payload.
  for (const name in fields) {
    const value = fields[name]
    if (value !== undefined && value !== null) payload[name] = value
  }
  return payload
}
