import type { LogFormat } from '../../telemetry/decoder.js'

/** What the follower hands over: whole lines, in the order in which they stand in their file. */
export interface FollowedChunk {
  /** The same object for all chunks of one content of one file. */
  readonly file: { readonly path: string }
  readonly format: LogFormat
  /** Lines of the content before this chunk; for a file that is read as a whole, before its first one. */
  readonly linesBefore: number
  /** Valid until the next chunk is asked for. */
  readonly bytes: Buffer
  /** The length of a line that is too long to be taken; it stands for the bytes then. */
  readonly overlong: number | null
  /** Whether the file is read as a whole, and taken when its last chunk is committed: packed, or one record. */
  readonly isWhole: boolean
  /** Whether the content begins here, or begins anew: what was not committed comes again. */
  readonly begins: boolean
  /** Whether the content ends here, so that a last line needs no ending. */
  readonly ends: boolean
  /**
   * Says that the chunk was taken, with the lines that it had, or those of all chunks if the file is read as a whole.
   * Positions lie behind it from now on.
   */
  commit(lines: number): void
}
