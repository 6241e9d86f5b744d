import { LineSplitter, type LineSplitterOptions, type OnLine, type Splitter } from '../line-splitter.js'
import { readEnvelopeLine } from './envelope-line.js'

const LINE_FEED = Buffer.from('\n')
const CAPITAL_F = 0x46
const LONGEST_ENVELOPE_LINE = 500

/**
 * Cuts a mailbox file into mails, each from its envelope line, which stands first or behind a blank line, to the next one
 * (RFC 4155). Lines end in line feeds then. Holds one mail; what lies before the first is passed over.
 */
export class MailboxSplitter implements Splitter {
  readonly #most: number
  readonly #onOverlong: (bytesSeen: number) => void
  readonly #lines: LineSplitter
  #parts: Buffer[] = []
  #length = 0
  /** Line that the mail began with; 0 before the first mail. */
  #firstLine = 0
  #isAfterBlank = true
  #isHandingOver = false

  constructor({ maxLineBytes, onOverlong }: Required<LineSplitterOptions>) {
    this.#most = maxLineBytes
    this.#onOverlong = onOverlong
    this.#lines = new LineSplitter({ maxLineBytes, onOverlong: (length) => this.#add(null, length) })
  }

  /** Number of the line that the mail begins on which is handed over, from 1; between calls, of lines so far. */
  get lineNumber(): number {
    return this.#isHandingOver ? this.#firstLine : this.#lines.lineNumber
  }

  /** Hands over each mail that another one ends. The chunk may be reused afterwards. */
  push(chunk: Buffer, onRecord: OnLine): void {
    this.#lines.push(chunk, (bytes, start, end) => this.#take(bytes.subarray(start, end), onRecord))
  }

  finish(onRecord: OnLine): void {
    this.#lines.finish((bytes, start, end) => this.#take(bytes.subarray(start, end), onRecord))
    this.#deliver(onRecord)
  }

  #take(line: Buffer, onRecord: OnLine): void {
    if (this.#isAfterBlank && beginsMail(line)) {
      this.#deliver(onRecord)
      this.#firstLine = this.#lines.lineNumber
    }
    this.#isAfterBlank = line.length === 0
    if (this.#firstLine > 0) this.#add(Buffer.from(line), line.length)
  }

  /** From the longest length on it only counts, and lets go of what it held. */
  #add(line: Buffer | null, length: number): void {
    this.#length += length + 1
    if (line === null || this.#length > this.#most) this.#parts = []
    else this.#parts.push(line, LINE_FEED)
  }

  #deliver(onRecord: OnLine): void {
    const parts = this.#parts
    const length = this.#length
    this.#parts = []
    this.#length = 0
    if (this.#firstLine === 0) return
    this.#isHandingOver = true
    if (length > this.#most) this.#onOverlong(length)
    else onRecord(Buffer.concat(parts), 0, length)
    this.#isHandingOver = false
  }
}

function beginsMail(line: Buffer): boolean {
  return line[0] === CAPITAL_F && readEnvelopeLine(line.toString('latin1', 0, LONGEST_ENVELOPE_LINE)) !== null
}
