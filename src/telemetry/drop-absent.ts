import type { Payload } from '../events/tagger-event.js'

/** A payload of the fields that are there: those that are neither undefined nor null. */
export function dropAbsent(fields: Readonly<Record<string, unknown>>): Payload {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null))
}
