import { type DigestSet, NO_DIGESTS } from '../collections/digest-set.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import { type Geography, NO_GEOGRAPHY } from '../geography/geography.js'
import { EventFields } from '../rules/event-fields.js'
import { Ruleset } from '../rules/ruleset.js'
import { normaliseCommand } from '../shell/normalise.js'
import { EvaluationObserver } from '../tagging/evaluation-observer.js'
import type { Tag } from '../tagging/tag.js'
import type { Awaitable, Tagger } from '../tagging/tagger.js'

const NEVER_ABORTED = new AbortController().signal

/** Where the ruleset comes from: one that never changes, or the snapshot that is in force at each event. */
export type RulesetSource = Ruleset | { readonly current: Ruleset }

/** What events are judged with. */
export interface PipelineParts {
  readonly ruleset: RulesetSource
  readonly tagger: Tagger
  /** Left out, nothing is known of where addresses lie. */
  readonly geography?: Geography
  /** Digests of files that are known to be malware. Left out, none is. */
  readonly malware?: DigestSet
}

/** Judges events by a ruleset through one tagger. Holds no event state, so any order gives the same tags. */
export class EventPipeline {
  readonly #rulesets: { readonly current: Ruleset }
  readonly #tagger: Tagger
  readonly #observer = new EvaluationObserver()
  /** What is known of where addresses lie, for whoever judges events of this pipeline. */
  readonly geography: Geography
  /** Digests of files that are known to be malware. */
  readonly malware: DigestSet

  constructor(parts: PipelineParts) {
    this.#rulesets = parts.ruleset instanceof Ruleset ? { current: parts.ruleset } : parts.ruleset
    this.#tagger = parts.tagger
    this.geography = parts.geography ?? NO_GEOGRAPHY
    this.malware = parts.malware ?? NO_DIGESTS
  }

  /** The snapshot that the next event is judged by. */
  get ruleset(): Ruleset {
    return this.#rulesets.current
  }

  /** Source kinds that some rule looks at: nothing else can become a tag. */
  get sourceKinds(): ReadonlySet<string> {
    return this.ruleset.sourceKinds
  }

  /**
   * The tags of one event; at once where no tagger has to wait. With a tagger of `getTagger` it rejects or throws only
   * when `signal` is aborted.
   *
   * @param fields those of the event, where the caller goes on to use them
   */
  tag(
    event: TaggerEvent,
    signal: AbortSignal = NEVER_ABORTED,
    fields: EventFields = this.fieldsOf(event),
  ): Awaitable<readonly Tag[]> {
    const { ruleset, geography, malware } = this
    const context = { ruleset, signal, fields, geography, malware, span: undefined }
    if (!this.#observer.isNeeded) return this.#tagger.tag(event, context)
    return this.#observer.observe(event, (span) => this.#tagger.tag(event, { ...context, span }))
  }

  /** The event's fields as rules see them, each worked out when it is first asked for. */
  fieldsOf(event: Pick<TaggerEvent, 'sourceKind' | 'payload'>): EventFields {
    return new EventFields(event, normaliseCommand)
  }
}
