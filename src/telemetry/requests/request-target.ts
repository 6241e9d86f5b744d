/** A request target in its parts. */
export interface TargetParts {
  /** Target up to its question mark. */
  readonly path: string
  /** What follows the question mark; left out where that is nothing. */
  readonly query?: string
  /** Target as sent. */
  readonly rawUrl: string
}

/** Cuts a request target at its first question mark; nothing of it is decoded. */
export function splitTarget(rawUrl: string): TargetParts {
  const mark = rawUrl.indexOf('?')
  if (mark < 0) return { path: rawUrl, rawUrl }
  const query = rawUrl.slice(mark + 1)
  const path = rawUrl.slice(0, mark)
  return query === '' ? { path, rawUrl } : { path, query, rawUrl }
}
