import type { EventProducer } from '../events/producer.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { LineSplitterOptions, Splitter } from './splitting/line-splitter.js'

/** Why a line gave no event, or what was left out or doubted in one that did. `column` is 1-based, in characters. */
export interface LineProblem {
  readonly code: LineProblemCode
  readonly message: string
  readonly column: number | null
}

export type LineProblemCode =
  | 'invalid-json'
  | 'not-an-object'
  /** A line of text that has not the form of its format. */
  | 'invalid-line'
  | 'missing-field'
  | 'wrong-type'
  | 'invalid-time'
  /** A time before 2000 or after 2100: a warning, for the clock of a decoy may never have been set. */
  | 'implausible-time'
  | 'invalid-utf8'
  | 'line-too-long'
  /** An answer that holds no verdict, though one was asked for: a warning. */
  | 'no-verdict'
  /** More of something than is looked at: a warning, for the event stands. */
  | 'too-much'

/**
 * What one line came to. A field that had the wrong type is left out of the payload and named in `warnings`;
 * the event stands.
 */
export type Decoded =
  | { readonly kind: 'events'; readonly events: readonly TaggerEvent[]; readonly warnings: readonly LineProblem[] }
  /** A known event type that nothing uses. */
  | { readonly kind: 'ignored' }
  /** An event type that this decoder does not know: counted by name, never fatal. */
  | { readonly kind: 'unknown'; readonly eventType: string }
  | { readonly kind: 'refused'; readonly problem: LineProblem }

/** What becomes of a line that tells nothing of use. */
export const IGNORED: Decoded = Object.freeze({ kind: 'ignored' })

/**
 * Turns the lines of one file into events. No I/O. One instance serves one file, so it may keep what makes it fast;
 * what it answers for a line depends on that line alone. The one exception is a format whose records may run over several
 * lines: there a line is refused that belongs to a record which an earlier line began.
 */
export interface Decoder {
  readonly format: string
  /**
   * Decodes `bytes[start, end)`: one line without its line ending. Never throws, and keeps nothing of the buffer's memory
   * in the events. It may remember what it found further on in the buffer, though: while a buffer object is asked about
   * at ascending offsets, its contents must stay as they are. Memory that is filled anew is to be handed over as another
   * buffer object (`subarray()` makes one), which is what `LineSplitter` does.
   */
  decode(bytes: Buffer, start: number, end: number): Decoded
}

/** What the rest of the pipeline can use, so that a decoder may skip the rest before parsing it. */
export interface DecoderOptions {
  /** Source kinds that some rule, tagger or consumer uses; null for all. */
  readonly sourceKinds: ReadonlySet<string> | null
  /** Path of the file, for what its program writes into that and nowhere else. */
  readonly sourceName?: string | undefined
}

/** Whether events of a kind can be used. */
export function isWanted({ sourceKinds }: DecoderOptions, kind: string): boolean {
  return sourceKinds === null || sourceKinds.has(kind)
}

/** Whether a source of the format can be gone on with at any line. */
export function isMadeOfLines({ readsWholeSource, records }: LogFormat): boolean {
  return readsWholeSource !== true && records === undefined
}

/** What a source is cut into where that is not lines. */
export interface RecordForm {
  /** What one of them is called. */
  readonly name: string
  /** Longest one that is decoded, in bytes. */
  readonly mostBytes: number
  createSplitter(options: Required<LineSplitterOptions>): Splitter
}

/** A log format, as one entry of the visible array of formats. `produces` is what its decoder may put into events. */
export interface LogFormat extends EventProducer {
  readonly title: string
  /** Whether a source must be configured for it: such a format is never recognised by itself. */
  readonly privileged: boolean
  /** Whether a source is one record, so that its decoder gets all of it at once; left out, each line is one. */
  readonly readsWholeSource?: true
  /** What the decoder gets one by one, if not that; left out, lines. */
  readonly records?: RecordForm
  /** How sure these first lines are of this format, 0 to 1. */
  recognise(lines: readonly string[]): number
  createDecoder(options: DecoderOptions): Decoder
}
