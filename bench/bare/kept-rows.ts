import type { EventTable, TagTable } from '../../src/storage/schema.js'

/** Events that a worker keeps in one transaction when it has plenty of them. */
export const EVENTS_AT_ONCE = 2000

/** Rows that a service kept. */
export interface KeptRows {
  readonly events: readonly EventTable[]
  readonly tags: readonly TagTable[]
}

export const KEPT_EVENTS = 'select * from ttp_event order by seq'
/** Those that were there when the last event was: what is concluded afterwards counts nowhere. */
export const KEPT_TAGS = 'select * from ttp_tag where created_at <= (select max(stored_at) from ttp_event)'

/** The rows in transactions as large as those of a worker, each event with its tags; what was concluded comes last. */
export function transactionsOf({ events, tags }: KeptRows): readonly KeptRows[] {
  const tagsOf = new Map<string, TagTable[]>()
  for (const tag of tags) tagsOf.set(tag.source_id, [...(tagsOf.get(tag.source_id) ?? []), tag])
  const transactions: KeptRows[] = inChunks(events, EVENTS_AT_ONCE).map((chunk) => ({
    events: chunk,
    tags: chunk.flatMap(({ source_id }) => takeFrom(tagsOf, source_id)),
  }))
  return [...transactions, { events: [], tags: [...tagsOf.values()].flat() }]
}

export function inChunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  const starts = Array.from({ length: Math.ceil(items.length / size) }, (_, index) => index * size)
  return starts.map((start) => items.slice(start, start + size))
}

function takeFrom(tagsOf: Map<string, TagTable[]>, sourceId: string): readonly TagTable[] {
  const tags = tagsOf.get(sourceId) ?? []
  tagsOf.delete(sourceId)
  return tags
}
