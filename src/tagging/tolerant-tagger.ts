import { EvidenceShapeError } from './evidence-shape.js'
import { isPromise, NO_TAGS, type Tagger } from './tagger.js'

/** What taggers report; never at ERROR for missing data, since absence is the steady state. */
export interface TaggingLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}

/** A log that nobody reads. */
export const SILENT_LOG: TaggingLog = { info() {}, warn() {}, error() {} }

/**
 * Wraps a tagger so that whatever goes wrong inside becomes no tags and one WARNING. Two things pass through:
 * cancellation (the context's signal is aborted) and `EvidenceShapeError`, which is a programming error.
 */
export function tolerant(tagger: Tagger, log: TaggingLog): Tagger {
  return {
    name: tagger.name,
    handles: tagger.handles,
    tag(event, context) {
      const forgive = (error: unknown) => {
        if (context.signal.aborted || error instanceof EvidenceShapeError) throw error
        log.warn(
          { tagger: tagger.name, source_kind: event.sourceKind, error: describeError(error) },
          'tagger failed; no tags',
        )
        return NO_TAGS
      }
      try {
        const tags = tagger.tag(event, context)
        return isPromise(tags) ? tags.catch(forgive) : tags
      } catch (error) {
        return forgive(error)
      }
    },
  }
}

/** What a log may say of an error: its class, since a message may quote what an attacker typed. */
export function describeError(error: unknown): string {
  if (error instanceof EvidenceShapeError) return error.message
  return error instanceof Error ? error.name : typeof error
}
