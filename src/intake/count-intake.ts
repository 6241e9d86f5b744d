import { SOURCE_KINDS } from '../events/source-kinds.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import { count } from '../observability/metrics.js'

/** Counts an event that is durable now; kinds that this release does not know count as other. */
export function countIngested({ sourceKind }: TaggerEvent): void {
  count('ttp.events.ingested', { source_kind: Object.hasOwn(SOURCE_KINDS, sourceKind) ? sourceKind : 'other' })
}

/** Counts a line or an event that was not taken, by a reason from a closed set. */
export function countRefused(reason: string): void {
  count('ttp.events.refused', { reason })
}

export function countUnknownType(): void {
  count('ttp.events.unknown_type')
}
