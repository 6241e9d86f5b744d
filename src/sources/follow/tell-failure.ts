import { explainReadError, SourceError } from '../source-error.js'
import type { FollowListener } from './follow-listener.js'

/** The file went away between the look and the reading; the next look tells what became of it. */
const WENT_AWAY: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ESTALE'])

/**
 * Tells that a file cannot be read, unless it merely went away.
 *
 * @throws the error where it is no failure to read
 */
export function tellFailure(listener: FollowListener, path: string, error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (WENT_AWAY.has(code)) return
  if (!(error instanceof SourceError) && typeof code !== 'string') throw error
  listener.failed(explainReadError(path, error))
}
