import type { TaggerEvent } from '../../../events/tagger-event.js'
import type { Tag } from '../../../tagging/tag.js'
import type { LineProblem } from '../../../telemetry/decoder.js'

/** A line that gave no event. */
export interface RefusedLine {
  readonly source: string
  /** Counted from 1. */
  readonly line: number
  readonly problem: LineProblem
}

/** How a run ended. */
export interface RunEnd {
  /** Lines read. */
  readonly lines: number
  /** Whether some of the telemetry was not read: an interruption, a broken file, a stop at a refused line. */
  readonly isPartial: boolean
}

/** Where the tags of a run go. Several may listen to one run. */
export interface TagOutput {
  /** Source kinds to hear of beside those that rules use; null for all. */
  readonly sourceKinds: ReadonlySet<string> | null
  /** One event with its tags, possibly none. */
  take(event: TaggerEvent, tags: readonly Tag[]): void
  /** A line that gave no event, for outputs that tell of them. */
  refuse?(refused: RefusedLine): void
  /** An event type that its format does not know, for outputs that tell of them. */
  unknownType?(eventType: string): void
  /** Called between chunks: hands on what has gathered, and waits where the receiver is slow. */
  flush(): Promise<void>
  /** Called before a state is kept, where one is: everything that was taken has gone out for good when it settles. */
  commit?(): Promise<void>
  /** Called once at the end, also after an interruption. */
  finish(end: RunEnd): Promise<void>
}

/** An output that wants nothing but what rules use. */
export const NO_OTHER_KINDS: ReadonlySet<string> = new Set()
