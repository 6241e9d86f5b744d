import type { TaggerEvent } from '../events/tagger-event.js'
import type { Tag } from '../tagging/tag.js'
import { isPromise } from '../tagging/tagger.js'
import type { Decoder, LineProblem, LogFormat } from '../telemetry/decoder.js'
import { isBlankLine } from '../telemetry/json-line.js'
import { LineSplitter, type OnLine } from '../telemetry/line-splitter.js'
import type { CorrelationStage } from './correlation-stage.js'
import type { EventPipeline } from './event-pipeline.js'
import { FormatSearch } from './format-search.js'
import { MOST_SOURCE_BYTES, WholeSource } from './whole-source.js'

/** Hears what comes of each line of one source. Called in line order, except tags that a tagger had to wait for. */
export interface LineObserver {
  event(event: TaggerEvent, tags: readonly Tag[], line: number): void
  /** The line gave no event. */
  refused(problem: LineProblem, line: number): void
  /** The line gave an event, but something in it was left out. */
  warned(problem: LineProblem, line: number): void
  unknownType(eventType: string, line: number): void
}

export interface LinePipelineOptions {
  readonly pipeline: EventPipeline
  readonly observer: LineObserver
  /** Where events go after they were tagged; left out, each is judged by itself. Shared by the sources of a run. */
  readonly correlation?: CorrelationStage | undefined
  /** The format, or null to recognise it from the first lines. */
  readonly format: LogFormat | null
  /** Source kinds that the observer wants to hear of beside those that rules use; null for all. */
  readonly sourceKinds: ReadonlySet<string> | null
  readonly signal: AbortSignal
}

/** Longest line that is decoded; a longer one is reported and passed over. */
const MAX_LINE_BYTES = 1 << 20

/** Runs the bytes of one source through splitting, decoding and tagging. The format is fixed once recognised. */
export class LinePipeline {
  readonly #options: LinePipelineOptions
  readonly #splitter: LineSplitter
  /** Holds the first lines while the format is not known. */
  #search: FormatSearch | null = null
  #decoder: Decoder | undefined
  /** The bytes so far, while the format may be or is one that reads a source as a whole. */
  #whole: WholeSource | null = new WholeSource()
  #waiting: Promise<void>[] = []

  constructor(options: LinePipelineOptions) {
    this.#options = options
    this.#splitter = new LineSplitter({
      maxLineBytes: MAX_LINE_BYTES,
      onOverlong: (bytes) => this.#takeOverlong(bytes),
    })
    if (options.format === null) this.#search = new FormatSearch()
    else this.#useFormat(options.format)
  }

  /** Lines seen so far, blank ones included. */
  get lines(): number {
    return this.#splitter.lineNumber
  }

  /** The format in use, or null while it is not yet known: to the end, if there are only blank lines. */
  get format(): string | null {
    return this.#decoder?.format ?? null
  }

  /**
   * Takes the next bytes; settles when every tag of the lines that they complete has been observed. The chunk may be
   * reused then. Rejects with the signal's reason if that was aborted before.
   *
   * @throws UnrecognisedFormatError where so much was seen that no format will fit
   */
  async push(chunk: Buffer): Promise<void> {
    this.#options.signal.throwIfAborted()
    try {
      this.#whole?.add(chunk)
      this.#search?.look(chunk)
      this.#splitter.push(chunk, this.#search === null ? this.#takeLine : this.#holdLine)
    } finally {
      await this.#settle()
    }
  }

  /**
   * Ends the source: takes a last line without a line ending.
   *
   * @throws UnrecognisedFormatError where no format fits what there was
   */
  async finish(): Promise<void> {
    try {
      this.#splitter.finish(this.#holdLine)
      this.#beginWith(this.#search?.conclude() ?? null)
      this.#takeWhole()
    } finally {
      await this.#settle()
    }
  }

  readonly #holdLine: OnLine = (bytes, start, end) => {
    if (this.#search === null) this.#takeLine(bytes, start, end)
    else if (!isBlankLine(bytes, start, end)) this.#hold(Buffer.from(bytes.subarray(start, end)), end - start)
  }

  #hold(bytes: Buffer | null, length: number): void {
    this.#beginWith(this.#search!.add({ number: this.#splitter.lineNumber, length, bytes }))
  }

  /** Once the format is known, the lines that waited for it come first. */
  #beginWith(format: LogFormat | null): void {
    if (format === null) return
    const { held } = this.#search!
    this.#search = null
    this.#useFormat(format)
    if (this.#whole !== null) return
    for (const { number, length, bytes } of held) {
      if (bytes === null) this.#refuseOverlong(length, number)
      else this.#decode(bytes, 0, length, number)
    }
  }

  #useFormat(format: LogFormat): void {
    const { pipeline, correlation, sourceKinds } = this.#options
    const correlated = correlation?.sourceKinds ?? []
    const wanted = sourceKinds === null ? null : new Set([...pipeline.sourceKinds, ...correlated, ...sourceKinds])
    this.#decoder = format.createDecoder({ sourceKinds: wanted })
    if (format.readsWholeSource !== true) this.#whole = null
  }

  readonly #takeLine: OnLine = (bytes, start, end) => {
    if (start < end && this.#whole === null) this.#decode(bytes, start, end, this.#splitter.lineNumber)
  }

  /** A source that is one record counts as its first line. */
  #takeWhole(): void {
    if (this.#whole === null || this.#decoder === undefined) return
    const bytes = this.#whole.bytes()
    if (bytes !== null) this.#decode(bytes, 0, bytes.length, 1)
    else this.#options.observer.refused(tooLong('source', this.#whole.length, MOST_SOURCE_BYTES), 1)
  }

  #decode(bytes: Buffer, start: number, end: number, line: number): void {
    const decoded = this.#decoder!.decode(bytes, start, end)
    const { observer } = this.#options
    switch (decoded.kind) {
      case 'events':
        for (const problem of decoded.warnings) observer.warned(problem, line)
        for (const event of decoded.events) this.#tag(event, line)
        break
      case 'refused':
        observer.refused(decoded.problem, line)
        break
      case 'unknown':
        observer.unknownType(decoded.eventType, line)
        break
      case 'ignored':
        break
    }
  }

  #tag(event: TaggerEvent, line: number): void {
    const { pipeline, observer, correlation, signal } = this.#options
    const fields = pipeline.fieldsOf(event)
    const tags = pipeline.tag(event, signal, fields)
    if (isPromise(tags)) this.#waiting.push(tags.then((late) => observer.event(event, late, line)))
    else observer.event(event, tags, line)
    correlation?.take(event, fields)
  }

  #takeOverlong(length: number): void {
    if (this.#search !== null) this.#hold(null, length)
    else if (this.#whole === null) this.#refuseOverlong(length, this.#splitter.lineNumber)
  }

  #refuseOverlong(length: number, line: number): void {
    this.#options.observer.refused(overlongLine(length), line)
  }

  async #settle(): Promise<void> {
    const waiting = this.#waiting.splice(0)
    const { correlation } = this.#options
    if (correlation !== undefined) waiting.push(correlation.settle())
    if (waiting.length > 0) await Promise.all(waiting)
  }
}

/** What is wrong with a line of so many bytes, its ending not counted. */
export function overlongLine(length: number): LineProblem {
  return tooLong('line', length, MAX_LINE_BYTES)
}

function tooLong(what: string, length: number, most: number): LineProblem {
  const message = `the ${what} has ${length} bytes, more than the ${most} that are taken`
  return { code: 'line-too-long', message, column: null }
}
