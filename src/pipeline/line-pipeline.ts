import type { TaggerEvent } from '../events/tagger-event.js'
import type { Tag } from '../tagging/tag.js'
import { isPromise } from '../tagging/tagger.js'
import type { Decoder, LineProblem, LogFormat } from '../telemetry/decoder.js'
import { recogniseFormat } from '../telemetry/formats.js'
import { LineSplitter } from '../telemetry/line-splitter.js'
import { findEncodingProblem } from '../telemetry/text-encoding.js'
import type { EventPipeline } from './event-pipeline.js'

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
  /** The format, or null to recognise it from the first lines. */
  readonly format: LogFormat | null
  /** Source kinds that the observer wants to hear of beside those that rules use; null for all. */
  readonly sourceKinds: ReadonlySet<string> | null
  readonly signal: AbortSignal
}

/** No format fits the first lines of a source. */
export class UnrecognisedFormatError extends Error {
  override readonly name = 'UnrecognisedFormatError'
}

/** How much of a source is looked at to recognise its format. */
const RECOGNITION_BYTES = 65_536
const RECOGNITION_LINES = 20

/** Longest line that is decoded; a longer one is reported and passed over. */
const MAX_LINE_BYTES = 1 << 20

/** Runs the bytes of one source through splitting, decoding and tagging. The format is fixed once recognised. */
export class LinePipeline {
  readonly #options: LinePipelineOptions
  readonly #splitter: LineSplitter
  readonly #held: Buffer[] = []
  #heldBytes = 0
  #decoder: Decoder | undefined
  #waiting: Promise<void>[] = []
  #lines = 0

  constructor(options: LinePipelineOptions) {
    this.#options = options
    this.#splitter = new LineSplitter({
      maxLineBytes: MAX_LINE_BYTES,
      onOverlong: (bytes) => this.#refuseOverlong(bytes),
    })
    if (options.format !== null) this.#useFormat(options.format)
  }

  /** Lines seen so far, blank ones included. */
  get lines(): number {
    return this.#lines
  }

  /** The format in use, or null while it is not yet known. */
  get format(): string | null {
    return this.#decoder?.format ?? null
  }

  /** Takes the next bytes; resolves when every tag of the lines that they complete has been observed. */
  async push(chunk: Buffer): Promise<void> {
    if (this.#decoder === undefined) {
      this.#held.push(Buffer.from(chunk))
      this.#heldBytes += chunk.length
      if (!this.#tryRecognise(false)) return
    } else {
      this.#splitter.push(chunk, this.#takeLine)
    }
    await this.#settle()
  }

  /**
   * Ends the source: takes a last line without a line ending.
   *
   * @throws UnrecognisedFormatError where no format fits what there was
   */
  async finish(): Promise<void> {
    if (this.#decoder === undefined && this.#heldBytes > 0) this.#tryRecognise(true)
    if (this.#decoder !== undefined) this.#splitter.finish(this.#takeLine)
    await this.#settle()
  }

  #tryRecognise(isWhole: boolean): boolean {
    const head = Buffer.concat(this.#held)
    const lines = firstLines(head, isWhole)
    if (!isWhole && head.length < RECOGNITION_BYTES && lines.length < RECOGNITION_LINES) return false
    if (isWhole && lines.every((line) => line.trim() === '')) return false
    const encodingProblem = findEncodingProblem(head)
    if (encodingProblem !== null) throw new UnrecognisedFormatError(encodingProblem.message)
    const recognised = recogniseFormat(lines)
    if (recognised === null) throw new UnrecognisedFormatError(describeUnrecognised(lines[0] ?? ''))
    this.#useFormat(recognised.format)
    this.#held.length = 0
    this.#splitter.push(head, this.#takeLine)
    return true
  }

  #useFormat(format: LogFormat): void {
    const { pipeline, sourceKinds } = this.#options
    const wanted = sourceKinds === null ? null : new Set([...pipeline.sourceKinds, ...sourceKinds])
    this.#decoder = format.createDecoder({ sourceKinds: wanted })
  }

  readonly #takeLine = (bytes: Buffer, start: number, end: number): void => {
    const line = this.#splitter.lineNumber
    this.#lines = line
    if (start === end) return
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
    const { pipeline, observer, signal } = this.#options
    const tags = pipeline.tag(event, signal)
    if (isPromise(tags)) this.#waiting.push(tags.then((late) => observer.event(event, late, line)))
    else observer.event(event, tags, line)
  }

  #refuseOverlong(bytes: number): void {
    this.#lines = this.#splitter.lineNumber
    const message = `the line has ${bytes} bytes, more than the ${MAX_LINE_BYTES} that are taken`
    this.#options.observer.refused({ code: 'line-too-long', message, column: null }, this.#lines)
  }

  async #settle(): Promise<void> {
    if (this.#waiting.length === 0) return
    const waiting = this.#waiting
    this.#waiting = []
    await Promise.all(waiting)
  }
}

function describeUnrecognised(firstLine: string): string {
  if (firstLine.trimStart().startsWith('[')) {
    return "the file looks like one JSON array; one object a line is expected (jq -c '.[]' FILE turns it into that)"
  }
  return 'no known log format fits the first lines'
}

function firstLines(head: Buffer, isWhole: boolean): readonly string[] {
  const lines = head.toString('utf8', 0, RECOGNITION_BYTES).split('\n', RECOGNITION_LINES + 1)
  if (!isWhole && lines.length <= RECOGNITION_LINES && head.length < RECOGNITION_BYTES) lines.pop()
  return lines.slice(0, RECOGNITION_LINES)
}
