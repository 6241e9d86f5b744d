import type { ContentMark } from './content-mark.js'

/** How far a file was read, as it is kept between runs. Plain data, fit for JSON. */
export interface FilePosition {
  /** Where it was seen last. */
  readonly path: string
  /** Device and inode, as decimal numbers: `64768:1311`. Null once the file is gone; its content may turn up elsewhere. */
  readonly identity: string | null
  readonly mark: ContentMark
  /** Lines up to the mark. */
  readonly lines: number
  /** Name of the log format. */
  readonly format: string
  /** Size and time of change of a file that was read as a whole, packed or a mail; null for one that is followed. */
  readonly whole: { readonly size: string; readonly changed: string } | null
}
