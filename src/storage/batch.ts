import type { Tag } from '../tagging/tag.js'
import type { EventTable } from './schema.js'

/** An event as it is handed over to be kept. */
export type NewEventRow = Omit<EventTable, 'seq' | 'stored_at'>

/** What is kept together. */
export interface Batch {
  readonly tags: readonly Tag[]
  readonly events: readonly NewEventRow[]
}

/** What of a batch was not there before, in the order given. */
export interface KeptBatch {
  readonly tags: readonly Tag[]
  readonly events: readonly NewEventRow[]
}
