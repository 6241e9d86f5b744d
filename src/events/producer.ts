import type { KnownSourceKind } from './source-kinds.js'

/**
 * Payload fields by source kind. `headers.referer` stands for that one header, `headers` for whatever headers there were.
 * Not every event has all of its fields.
 */
export type ProducedFields = Readonly<Partial<Record<KnownSourceKind, readonly string[]>>>

/** What makes events: a log format's decoder, say. Tells which kinds it gives, and which fields these may have. */
export interface EventProducer {
  readonly name: string
  readonly produces: ProducedFields
}
