import type { Encoding } from './command-views.js'
import { concatenate, EMPTY_TEXT, type KnownText } from './known-text.js'
import type { Scope } from './reading.js'

/** What flows into a command and whether somebody asks for what comes out. */
export interface Flow {
  readonly input: KnownText | null
  /** Whether the output is read by another command, a substitution or a file of the line. */
  readonly wanted: boolean
}

/** A command at the terminal: nothing known flows in, nobody of the line reads what it prints. */
export const TERMINAL: Flow = { input: null, wanted: false }

/** What came of a command. */
export interface Outcome {
  /** Its output, if known. */
  readonly output: KnownText | null
  /** Index of its first and last segment of the same level; -1 if it has none. */
  readonly first: number
  readonly last: number
  /** Whether it made use of what flowed in. */
  readonly consumed: boolean
}

export const NO_OUTCOME: Outcome = { output: EMPTY_TEXT, first: -1, last: -1, consumed: false }
/** For a command that there was no room for. */
export const UNKNOWN_OUTCOME: Outcome = { output: null, first: -1, last: -1, consumed: true }

/** Reads a text that a line runs, as a script of its own. */
export type ReadHidden = (
  hidden: { readonly text: string; readonly decodedIndex: number; readonly encodings: readonly Encoding[] },
  scope: Scope,
  flow: Flow,
) => Outcome

/** What came of two commands after each other. */
export function chain(before: Outcome, after: Outcome): Outcome {
  if (before === NO_OUTCOME) return after
  return {
    output: before.output === null || after.output === null ? null : concatenate(before.output, after.output),
    first: before.first >= 0 ? before.first : after.first,
    last: after.last >= 0 ? after.last : before.last,
    consumed: before.consumed || after.consumed,
  }
}
