import type { DigestSet } from '../collections/digest-set.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { Geography } from '../geography/geography.js'
import type { RecordedSpan } from '../observability/tracing.js'
import type { EventFields } from '../rules/event-fields.js'
import type { Ruleset } from '../rules/ruleset.js'
import type { Tag } from './tag.js'

export type Awaitable<T> = T | Promise<T>

/** What a tagger may know beside the event. One context belongs to one event. */
export interface TagContext {
  /** The snapshot that this event is judged by, whatever changes meanwhile. */
  readonly ruleset: Ruleset
  /** Aborted when the answer is no longer wanted. */
  readonly signal: AbortSignal
  /** The event's fields with all their views, computed once on demand. */
  readonly fields: EventFields
  /** What is known of where addresses lie; nothing that it says may enter an id. */
  readonly geography: Geography
  /** Files that are known to be malware; nothing of it may enter an id. */
  readonly malware: DigestSet
  /** The span that judging the event is recorded in; absent where nobody records it. */
  readonly span?: RecordedSpan | undefined
}

/** Anything that turns an event into tags. Answers at once where it can: a promise is for those that must wait. */
export interface Tagger {
  readonly name: string
  /** Source kinds that it claims. Empty: idle. */
  readonly handles: ReadonlySet<string>
  tag(event: TaggerEvent, context: TagContext): Awaitable<readonly Tag[]>
}

export const NO_TAGS: readonly Tag[] = Object.freeze([])

export function isPromise<T>(value: Awaitable<T>): value is Promise<T> {
  return typeof (value as { then?: unknown }).then === 'function'
}
