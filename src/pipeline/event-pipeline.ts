import type { TaggerEvent } from '../events/tagger-event.js'
import { EventFields } from '../rules/event-fields.js'
import { Ruleset } from '../rules/ruleset.js'
import { normaliseCommand } from '../shell/normalise.js'
import type { Tag } from '../tagging/tag.js'
import type { Awaitable, Tagger } from '../tagging/tagger.js'

const NEVER_ABORTED = new AbortController().signal

/** Where the ruleset comes from: one that never changes, or the snapshot that is in force at each event. */
export type RulesetSource = Ruleset | { readonly current: Ruleset }

/** Judges events by a ruleset through one tagger. Holds no event state, so any order gives the same tags. */
export class EventPipeline {
  readonly #rulesets: { readonly current: Ruleset }
  readonly #tagger: Tagger

  constructor(parts: { readonly ruleset: RulesetSource; readonly tagger: Tagger }) {
    this.#rulesets = parts.ruleset instanceof Ruleset ? { current: parts.ruleset } : parts.ruleset
    this.#tagger = parts.tagger
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
    return this.#tagger.tag(event, { ruleset: this.ruleset, signal, fields })
  }

  /** The event's fields as rules see them, each worked out when it is first asked for. */
  fieldsOf(event: Pick<TaggerEvent, 'sourceKind' | 'payload'>): EventFields {
    return new EventFields(event, normaliseCommand)
  }
}
