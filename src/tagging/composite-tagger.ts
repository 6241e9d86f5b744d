import { KNOWN_SOURCE_KINDS } from '../events/source-kinds.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { Tag } from './tag.js'
import { type Awaitable, isPromise, NO_TAGS, type TagContext, type Tagger } from './tagger.js'
import { describeError, type TaggingLog } from './tolerant-tagger.js'

/**
 * Asks every tagger that claims an event's kind and concatenates their tags, in the order of the taggers. One that
 * fails loses nobody else's tags: it is logged as ERROR and counted. Cancellation propagates.
 */
export class CompositeTagger implements Tagger {
  readonly name = 'composite'
  readonly handles: ReadonlySet<string>
  readonly #taggers: ReadonlyMap<string, readonly Tagger[]>
  readonly #log: TaggingLog
  readonly #unclaimed = new Set<string>()
  #failures = 0

  constructor(taggers: readonly Tagger[], log: TaggingLog) {
    this.#log = log
    this.handles = new Set(taggers.flatMap((tagger) => [...tagger.handles]))
    this.#taggers = new Map(
      [...this.handles].map((kind) => [kind, taggers.filter((tagger) => tagger.handles.has(kind))]),
    )
  }

  /** How often a tagger failed. */
  get failures(): number {
    return this.#failures
  }

  tag(event: TaggerEvent, context: TagContext): Awaitable<readonly Tag[]> {
    context.signal.throwIfAborted()
    const taggers = this.#taggers.get(event.sourceKind)
    if (taggers === undefined) return this.#reportUnclaimed(event.sourceKind)
    if (taggers.length === 1) return this.#ask(taggers[0]!, event, context)
    return join(taggers.map((tagger) => this.#ask(tagger, event, context)))
  }

  #ask(tagger: Tagger, event: TaggerEvent, context: TagContext): Awaitable<readonly Tag[]> {
    const survive = (error: unknown) => {
      if (context.signal.aborted) throw error
      this.#failures++
      this.#log.error(
        { tagger: tagger.name, source_kind: event.sourceKind, error: describeError(error) },
        "tagger failed; the other taggers' tags are kept",
      )
      return NO_TAGS
    }
    try {
      const tags = tagger.tag(event, context)
      return isPromise(tags) ? tags.catch(survive) : tags
    } catch (error) {
      return survive(error)
    }
  }

  /** Once per kind: a known kind without a tagger is a forgotten lifter, an unknown one a producer from the future. */
  #reportUnclaimed(kind: string): readonly Tag[] {
    if (this.#unclaimed.has(kind) || this.#unclaimed.size >= MAX_KINDS_REPORTED) return NO_TAGS
    this.#unclaimed.add(kind)
    if (KNOWN_SOURCE_KINDS.has(kind)) this.#log.warn({ source_kind: kind }, 'no tagger claims this source kind')
    else this.#log.info({ source_kind: kind }, 'unknown source kind; no tagger claims it')
    return NO_TAGS
  }
}

/** Bounds what a stream of made-up kinds can make us remember. */
const MAX_KINDS_REPORTED = 1024

/** All answers as one; at once where none of them waits. Mostly all but one are empty. */
function join(answers: readonly Awaitable<readonly Tag[]>[]): Awaitable<readonly Tag[]> {
  if (answers.some(isPromise)) return Promise.all(answers).then((lists) => lists.flat())
  const filled = (answers as readonly (readonly Tag[])[]).filter((tags) => tags.length > 0)
  if (filled.length === 0) return NO_TAGS
  return filled.length === 1 ? filled[0]! : filled.flat()
}
