import type { LogFormat } from '../telemetry/decoder.js'
import { recogniseFormat } from '../telemetry/formats.js'
import { findShapeProblem } from '../telemetry/json/json-shape.js'
import { findEncodingProblem } from '../telemetry/text-encoding.js'
import { UnrecognisedFormatError } from './unrecognised-format-error.js'

/** A line that waits until its format is known. */
export interface HeldLine {
  readonly number: number
  /** Length in bytes, without the line ending. */
  readonly length: number
  /** What stands in it; null for a line that is too long to be taken. */
  readonly bytes: Buffer | null
}

/** How much of a source's start tells whether it is lines of text at all. */
const HEAD_BYTES = 65_536
/** So many lines, or lines of so many bytes, are judged together. */
const GROUP_LINES = 20
const GROUP_BYTES = 65_536
/** Where no format fits so many lines, or so many bytes of them, none will. */
const MOST_LINES = 1000
const MOST_BYTES = 4 << 20

/**
 * Finds the format of a source by its first lines, and holds them until it is known. Lines are judged in groups, and the
 * first group that speaks for a format decides, so that no line at the start, whoever wrote it, keeps the lines behind it
 * from being read. Lines that are too long to be taken are not judged, however many they are. Holds at most 4 MiB of
 * lines and one more line.
 */
export class FormatSearch {
  readonly #held: HeldLine[] = []
  readonly #head = Buffer.alloc(HEAD_BYTES)
  #headLength = 0
  #group: string[] = []
  #groupBytes = 0
  #judgedLines = 0
  #judgedBytes = 0

  /** The lines added so far, in order. */
  get held(): readonly HeldLine[] {
    return this.#held
  }

  /**
   * Looks at the next bytes of the source, before the lines that end in them are added.
   *
   * @throws UnrecognisedFormatError where the source is in UTF-16, one JSON array or JSON spread over lines
   */
  look(chunk: Buffer): void {
    if (this.#headLength === HEAD_BYTES) return
    this.#headLength += chunk.copy(this.#head, this.#headLength)
    if (this.#headLength === HEAD_BYTES) this.#checkHead()
  }

  /**
   * Adds a line that is not blank, and answers the format once the lines tell it.
   *
   * @throws UnrecognisedFormatError as `look`, and where no format fits so many lines that none will
   */
  add(line: HeldLine): LogFormat | null {
    this.#held.push(line)
    if (line.bytes === null) return null
    this.#group.push(line.bytes.toString('utf8'))
    this.#groupBytes += line.length
    if (this.#group.length < GROUP_LINES && this.#groupBytes < GROUP_BYTES) return null
    const format = this.#judgeGroup()
    if (format === null && (this.#judgedLines >= MOST_LINES || this.#judgedBytes >= MOST_BYTES)) throw this.#giveUp()
    return format
  }

  /**
   * Answers the format by the lines that there are: no more will come. Null if there were none.
   *
   * @throws UnrecognisedFormatError as `look`, and where no format fits
   */
  conclude(): LogFormat | null {
    if (this.#held.length === 0) return null
    const format = this.#judgeGroup()
    if (format === null) throw this.#giveUp()
    return format
  }

  #judgeGroup(): LogFormat | null {
    this.#checkHead()
    const recognised = recogniseFormat(this.#group)
    this.#judgedLines += this.#group.length
    this.#judgedBytes += this.#groupBytes
    this.#group = []
    this.#groupBytes = 0
    return recognised?.format ?? null
  }

  #checkHead(): void {
    const head = this.#head.subarray(0, this.#headLength)
    const problem = findEncodingProblem(head) ?? findShapeProblem(head)
    if (problem !== null) throw new UnrecognisedFormatError(problem, { canBeNamed: false })
  }

  #giveUp(): UnrecognisedFormatError {
    if (this.#judgedLines === 0) {
      return new UnrecognisedFormatError('every line is too long to be taken', { canBeNamed: false })
    }
    const holdsNul = this.#head.subarray(0, this.#headLength).includes(0)
    const doubt = holdsNul ? ', and NUL bytes stand among them: is the file text?' : ''
    return new UnrecognisedFormatError(`no known log format fits the first lines${doubt}`)
  }
}
