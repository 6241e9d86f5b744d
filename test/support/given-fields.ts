import type { TaggerEvent } from '../../src/events/tagger-event.js'

/** The payload fields that events have, by source kind, in the words of `ProducedFields`; sorted. */
export function givenFields(events: Iterable<TaggerEvent>): Record<string, string[]> {
  const fields = new Map<string, Set<string>>()
  for (const { sourceKind, payload } of events) {
    const ofKind = fields.get(sourceKind) ?? new Set()
    fields.set(sourceKind, ofKind)
    for (const [name, value] of Object.entries(payload)) {
      if (name !== 'headers') ofKind.add(name)
      else for (const header of Object.keys(value as object)) ofKind.add(`headers.${header}`)
    }
  }
  return Object.fromEntries([...fields].map(([kind, names]) => [kind, [...names].sort()]))
}

/** The same form of what a producer declares. */
export function sortedFields(produces: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(produces).map(([kind, names]) => [kind, [...names].sort()]))
}

/** As `givenFields`, of a producer that gives whatever headers there were: they count as one field. */
export function givenFieldsOfAnyHeader(events: Iterable<TaggerEvent>): Record<string, string[]> {
  const fold = (name: string) => (name.startsWith('headers.') ? 'headers' : name)
  const fields = Object.entries(givenFields(events))
  return Object.fromEntries(fields.map(([kind, names]) => [kind, [...new Set(names.map(fold))].sort()]))
}
