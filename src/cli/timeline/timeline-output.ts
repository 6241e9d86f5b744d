import { attackCatalogue } from '../../attack/attack-catalogue.js'
import { isConcluded } from '../../events/concluded-event.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
import { formatCount } from '../../exports/page/page-format.js'
import { Candidates } from '../../exports/timeline/candidates.js'
import { renderTimeline } from '../../exports/timeline/render-timeline.js'
import { MOST_EVENTS, Timeline, type TimelineOptions } from '../../exports/timeline/timeline.js'
import { timelineJsonLines } from '../../exports/timeline/timeline-json.js'
import type { ConfidenceReader } from '../../tagging/confidence-reader.js'
import type { Tag } from '../../tagging/tag.js'
import type { RunEnd, TagOutput } from '../tag/outputs/tag-output.js'
import { say, terminalWidth, wantsColour, writeData } from '../terminal.js'

export interface TimelineOutputOptions extends TimelineOptions {
  /** Whether to print lines of JSON instead of a page. */
  readonly isJson: boolean
  /** How the confidence of tags is read; left out, as it is stored. */
  readonly confidence?: ConfidenceReader | null
}

/** Gathers one session or attacker out of a run and ends it with what happened there, in order. */
export class TimelineOutput implements TagOutput {
  readonly sourceKinds = null
  /** What else there was, as long as nothing of what is asked for was found. */
  readonly candidates = new Candidates()
  readonly #options: TimelineOutputOptions
  readonly #timeline: Timeline

  constructor(options: TimelineOutputOptions) {
    this.#options = options
    this.#timeline = new Timeline(options)
  }

  get isEmpty(): boolean {
    return this.#timeline.count === 0
  }

  take(event: TaggerEvent, stored: readonly Tag[]): void {
    const tags = this.#options.confidence?.read(stored) ?? stored
    if (!this.#timeline.take(event, tags) && this.isEmpty && !isConcluded(event)) this.candidates.add(event)
  }

  async flush(): Promise<void> {}

  async finish({ isPartial }: RunEnd): Promise<void> {
    if (this.isEmpty) return
    for (const part of this.#options.isJson ? this.#jsonParts() : this.#pageParts(isPartial)) await writeData(part)
  }

  *#jsonParts(): Generator<string> {
    const { leftOut } = this.#timeline
    if (leftOut > 0) {
      say(`warning: the earliest ${formatCount(MOST_EVENTS)} events are shown; ${formatCount(leftOut)} were left out`)
    }
    yield* timelineJsonLines(this.#timeline, attackCatalogue())
  }

  #pageParts(isPartial: boolean): Generator<string> {
    return renderTimeline(this.#timeline, {
      width: terminalWidth(process.stdout),
      colour: wantsColour(process.stdout),
      catalogue: attackCatalogue(),
      minConfidence: this.#options.least,
      notes: [
        ...(isPartial ? ['Not everything was read: see the messages above.'] : []),
        ...(this.#options.confidence?.notes() ?? []),
      ],
    })
  }
}
