import type { TaggerEvent } from '../events/tagger-event.js'
import type { Tag } from '../tagging/tag.js'
import { isPromise, NO_TAGS } from '../tagging/tagger.js'
import type { Decoder, LineProblem, LogFormat, RecordForm } from '../telemetry/decoder.js'
import { isBlankLine } from '../telemetry/json/json-line.js'
import { LineSplitter, type OnLine, type Splitter } from '../telemetry/splitting/line-splitter.js'
import { WholeSourceSplitter } from '../telemetry/splitting/whole-source-splitter.js'
import type { CorrelationStage } from './correlation-stage.js'
import type { EventPipeline } from './event-pipeline.js'
import { FormatSearch } from './format-search.js'
import { MOST_START_BYTES, SourceStart } from './source-start.js'

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
  /** Null where whoever hears of the events judges them. */
  readonly pipeline: EventPipeline | null
  readonly observer: LineObserver
  /** Where events go after they were tagged by `pipeline`; left out, each is judged by itself. Shared by the sources of a run. */
  readonly correlation?: CorrelationStage | undefined
  /** The format, or null to recognise it from the first lines. */
  readonly format: LogFormat | null
  /** Source kinds that the observer wants to hear of beside those that rules use; null for all. */
  readonly sourceKinds: ReadonlySet<string> | null
  /** Path of the source, where it has one. */
  readonly sourceName?: string | undefined
  readonly signal: AbortSignal
}

/** Longest line that is decoded; a longer one is reported and passed over. */
const MAX_LINE_BYTES = 1 << 20
const LINES: RecordForm = {
  name: 'line',
  mostBytes: MAX_LINE_BYTES,
  createSplitter: (options) => new LineSplitter(options),
}
const WHOLE_SOURCE: RecordForm = {
  name: 'source',
  mostBytes: 8 << 20,
  createSplitter: (options) => new WholeSourceSplitter(options),
}

/** Runs the bytes of one source through splitting, decoding and, with a pipeline for events, tagging. The format is fixed once recognised. */
export class LinePipeline {
  readonly #options: LinePipelineOptions
  #splitter: Splitter
  /** What the decoder gets one by one. */
  #form: RecordForm = LINES
  /** Holds the first lines while the format is not known. */
  #search: FormatSearch | null = null
  /** The bytes so far, while the format is not known: it may not be made of lines. */
  #start: SourceStart | null = null
  #decoder: Decoder | undefined
  #waiting: Promise<void>[] = []

  constructor(options: LinePipelineOptions) {
    this.#options = options
    if (options.format === null) {
      this.#search = new FormatSearch()
      this.#start = new SourceStart()
    } else this.#useFormat(options.format)
    this.#splitter = this.#createSplitter(this.#form)
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
      this.#start?.add(chunk)
      this.#search?.look(chunk)
      this.#splitter.push(chunk, this.#take)
      this.#leaveStart()
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
      this.#splitter.finish(this.#take)
      this.#beginWith(this.#search?.conclude() ?? null)
      if (this.#leaveStart()) this.#splitter.finish(this.#take)
    } finally {
      await this.#settle()
    }
  }

  /** While the start is kept, its lines serve to find the format; or, where it is not made of lines, nothing. */
  readonly #take: OnLine = (bytes, start, end) => {
    if (this.#search !== null) {
      if (!isBlankLine(bytes, start, end)) this.#hold(Buffer.from(bytes.subarray(start, end)), end - start)
    } else if (this.#start === null && start < end) this.#decode(bytes, start, end, this.#splitter.lineNumber)
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
    if (this.#form !== LINES) return
    this.#start = null
    for (const { number, length, bytes } of held) {
      if (bytes === null) this.#refuseOverlong(length, number)
      else this.#decode(bytes, 0, length, number)
    }
  }

  #useFormat(format: LogFormat): void {
    const { pipeline, correlation, sourceKinds, sourceName } = this.#options
    const correlated = correlation?.sourceKinds ?? []
    const judged = pipeline?.sourceKinds ?? []
    const wanted = sourceKinds === null ? null : new Set([...judged, ...correlated, ...sourceKinds])
    this.#decoder = format.createDecoder({ sourceKinds: wanted, sourceName })
    this.#form = format.records ?? (format.readsWholeSource === true ? WHOLE_SOURCE : LINES)
  }

  /** Once the format is known and not made of lines, cuts anew what there was so far. Answers whether it did. */
  #leaveStart(): boolean {
    if (this.#start === null || this.#search !== null) return false
    const { bytes, length } = this.#start
    this.#start = null
    this.#splitter = this.#createSplitter(this.#form)
    if (bytes === null) this.#options.observer.refused(tooLong('source', length, MOST_START_BYTES), 1)
    else this.#splitter.push(bytes, this.#take)
    return true
  }

  #createSplitter({ mostBytes, createSplitter }: RecordForm): Splitter {
    return createSplitter({ maxLineBytes: mostBytes, onOverlong: (length) => this.#takeOverlong(length) })
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
    if (pipeline === null) {
      observer.event(event, NO_TAGS, line)
      return
    }
    const fields = pipeline.fieldsOf(event)
    const tags = pipeline.tag(event, signal, fields)
    if (isPromise(tags)) this.#waiting.push(tags.then((late) => observer.event(event, late, line)))
    else observer.event(event, tags, line)
    correlation?.take(event, fields)
  }

  #takeOverlong(length: number): void {
    if (this.#search !== null) this.#hold(null, length)
    else if (this.#start === null) this.#refuseOverlong(length, this.#splitter.lineNumber)
  }

  #refuseOverlong(length: number, line: number): void {
    this.#options.observer.refused(tooLong(this.#form.name, length, this.#form.mostBytes), line)
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
