import { CORRELATED_KINDS, type Correlator } from '../correlation/correlator.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { EventFields } from '../rules/event-fields.js'
import type { Tag } from '../tagging/tag.js'
import { isPromise } from '../tagging/tagger.js'
import type { EventPipeline } from './event-pipeline.js'
import type { PendingVerdicts } from './pending-verdicts.js'

export interface CorrelationStageOptions {
  readonly pipeline: EventPipeline
  /** Null to judge each event by itself. */
  readonly correlator: Correlator | null
  /** Verdicts that are judged once their attacker is seen. */
  readonly verdicts?: PendingVerdicts | undefined
  /** Told of each concluded event with its tags, possibly none. */
  readonly onConcluded: (event: TaggerEvent, tags: readonly Tag[]) => void
  readonly signal: AbortSignal
}

/**
 * Correlates the events of all sources of a run, and tags what is concluded and what third parties say of those who were
 * seen. Synchronous unless a tagger waits.
 */
export class CorrelationStage {
  readonly correlator: Correlator | null
  readonly #options: CorrelationStageOptions
  #waiting: Promise<void>[] = []

  constructor(options: CorrelationStageOptions) {
    this.correlator = options.correlator
    this.#options = options
  }

  /** Source kinds that it looks at. */
  get sourceKinds(): ReadonlySet<string> {
    return CORRELATED_KINDS
  }

  /** Takes an event of telemetry after it was tagged, with its fields. */
  take(event: TaggerEvent, fields: EventFields): void {
    this.correlator?.observe(event, fields, this.#tag)
    // Asked first: an attacker's id is computed when somebody wants it.
    if (this.#verdictsWait) this.see(event.attackerUuid)
  }

  get #verdictsWait(): boolean {
    return (this.#options.verdicts?.size ?? 0) > 0
  }

  /** Judges the verdicts on an attacker that wait for it to be seen. */
  see(attackerUuid: string | null): void {
    const { verdicts, pipeline } = this.#options
    for (const verdict of verdicts?.take(attackerUuid) ?? []) {
      this.#tag(verdict)
      this.correlator?.observe(verdict, pipeline.fieldsOf(verdict), this.#tag)
    }
  }

  /** Takes what was judged before: only what comes now tells anything of it. */
  recall(event: TaggerEvent): void {
    this.correlator?.observe(event, this.#options.pipeline.fieldsOf(event), () => {})
  }

  /** Lets event time pass where no events come. */
  advanceBy(milliseconds: number): Promise<void> {
    this.correlator?.advanceBy(milliseconds, this.#tag)
    return this.settle()
  }

  /** Tells what the correlator held back while it was catching up. */
  catchUp(): Promise<void> {
    this.correlator?.catchUp(this.#tag)
    return this.settle()
  }

  /** Concludes what is held: no more events will come. */
  finish(): Promise<void> {
    this.correlator?.finish(this.#tag)
    return this.settle()
  }

  /** Settles when all tags of what was concluded have been told. */
  async settle(): Promise<void> {
    if (this.#waiting.length === 0) return
    await Promise.all(this.#waiting.splice(0))
  }

  readonly #tag = (event: TaggerEvent): void => {
    const { pipeline, onConcluded, signal } = this.#options
    const tags = pipeline.tag(event, signal)
    if (isPromise(tags)) this.#waiting.push(tags.then((late) => onConcluded(event, late)))
    else onConcluded(event, tags)
  }
}
