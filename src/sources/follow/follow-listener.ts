import type { SourceError } from '../source-error.js'

/** Is told what is no line. Each thing may be told again at each look. */
export interface FollowListener {
  /** What was read of a file is not in it any more: it was cut off, or holds something else under its name. */
  replaced(path: string): void
  /** Nothing that can be followed lies at a named path. */
  missing(path: string, reason: string): void
  /** A file cannot be read, or not to its end. */
  failed(error: SourceError): void
  /** No format fits a file. */
  noLog(path: string, isNamed: boolean): void
}
