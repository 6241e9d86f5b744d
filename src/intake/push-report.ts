import type { TaggerEvent } from '../events/tagger-event.js'
import type { LineProblem } from '../telemetry/decoder.js'
import { countIngested, countRefused, countUnknownType } from './count-intake.js'

/** Problems that are told one by one; of more, the number alone. */
const MOST_PROBLEMS = 20

/** What was wrong with a line, or with an event that it gave. */
export interface PushProblem {
  readonly line: number
  readonly code: string
  readonly message: string
}

/** What became of what a sensor has pushed. */
export interface PushAnswer {
  readonly lines: number
  /** Events that are durable now. */
  readonly accepted: number
  /** Lines and events that were not taken. */
  readonly refused: number
  /** Lines of event types that are not known. */
  readonly unknown: number
  readonly problems: readonly PushProblem[]
}

/** Counts what becomes of the lines of one push. */
export class PushReport {
  lines = 0
  #accepted = 0
  #refused = 0
  #unknown = 0
  readonly #problems: PushProblem[] = []

  accept(event: TaggerEvent): void {
    this.#accepted++
    countIngested(event)
  }

  refuse({ code, message }: Pick<LineProblem, 'code' | 'message'> | Omit<PushProblem, 'line'>, line: number): void {
    this.#refused++
    countRefused(code)
    if (this.#problems.length < MOST_PROBLEMS) this.#problems.push({ line, code, message })
  }

  countUnknown(): void {
    this.#unknown++
    countUnknownType()
  }

  /** Says so where all that was sent has come to nothing: most likely it was something else than its sender thinks. */
  noteSilence(format: string | null): void {
    if (this.lines === 0 || this.#accepted + this.#refused + this.#unknown > 0) return
    const what = format === null ? 'these lines' : `what was read as ${format}`
    this.#problems.push({ line: 1, code: 'no-events', message: `there are no events in ${what}` })
  }

  answer(): PushAnswer {
    return {
      lines: this.lines,
      accepted: this.#accepted,
      refused: this.#refused,
      unknown: this.#unknown,
      problems: this.#problems,
    }
  }
}
