import { LineSplitter, type OnLine } from '../telemetry/line-splitter.js'
import { MOST_SOURCE_BYTES } from './whole-source.js'

const LINE_FEED = Buffer.from('\n')

/** Receives one record: its lines joined by line feeds, or null where it was too long, and the number of its first line. */
export type OnRecord = (bytes: Buffer | null, length: number, firstLine: number) => void

export interface RecordGathererOptions {
  /** Whether this line begins a record. Asked at the start of the stream and after blank lines. */
  readonly beginsRecord: (bytes: Buffer, start: number, end: number) => boolean
  readonly onRecord: OnRecord
}

/**
 * Gathers the lines of a stream whose records run over several lines, each from the line that begins it to the next such
 * line. Holds one record, of at most 8 MiB; what lies before the first record is passed over.
 */
export class RecordGatherer {
  readonly #options: RecordGathererOptions
  readonly #splitter: LineSplitter
  #parts: Buffer[] = []
  #length = 0
  /** Line that the record began with; 0 before the first record. */
  #firstLine = 0
  #isAfterBlank = true

  constructor(options: RecordGathererOptions) {
    this.#options = options
    this.#splitter = new LineSplitter({ onOverlong: (length) => this.#add(null, length) })
  }

  /** Takes the next bytes and hands over each record that another one ends. The chunk may be reused afterwards. */
  push(chunk: Buffer): void {
    this.#splitter.push(chunk, this.#take)
  }

  /** Hands over the last record. Call once, after the last chunk. */
  finish(): void {
    this.#splitter.finish(this.#take)
    this.#deliver()
  }

  readonly #take: OnLine = (bytes, start, end) => {
    if (this.#isAfterBlank && this.#options.beginsRecord(bytes, start, end)) {
      this.#deliver()
      this.#firstLine = this.#splitter.lineNumber
    }
    this.#isAfterBlank = start === end
    if (this.#firstLine > 0) this.#add(Buffer.from(bytes.subarray(start, end)), end - start)
  }

  /** From the bound on it only counts, and lets go of what it held. */
  #add(line: Buffer | null, length: number): void {
    this.#length += length + 1
    if (line === null) this.#length = Math.max(this.#length, MOST_SOURCE_BYTES + 1)
    if (this.#length > MOST_SOURCE_BYTES) this.#parts = []
    else this.#parts.push(line!, LINE_FEED)
  }

  #deliver(): void {
    const parts = this.#parts
    const length = this.#length
    this.#parts = []
    this.#length = 0
    if (this.#firstLine === 0) return
    this.#options.onRecord(length > MOST_SOURCE_BYTES ? null : Buffer.concat(parts), length, this.#firstLine)
  }
}
