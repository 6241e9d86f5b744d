import type { TaggerEvent } from '../events/tagger-event.js'
import type { EventTagger } from '../worker/event-tagger.js'
import type { EventIntake, UntakenEvent } from './event-intake.js'

/** Hands events to the worker of this process: they are durable when they are kept with their tags. */
export class DirectIntake implements EventIntake {
  readonly #tagger: EventTagger

  constructor(tagger: EventTagger) {
    this.#tagger = tagger
  }

  async accept(events: readonly TaggerEvent[]): Promise<readonly UntakenEvent[]> {
    await this.#tagger.submit({ events, streamSeq: null })
    return []
  }
}
