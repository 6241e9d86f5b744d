import type { Payload } from '../events/tagger-event.js'

/** The request target in its parts, as sent; empty where nothing is known. */
export interface RequestTarget {
  readonly path: string
  /** Without its question mark. */
  readonly query: string
  readonly rawUrl: string
}

/** Fills in what the payload leaves out: path and query from the raw URL, the raw URL from path and query. */
export function requestTarget(payload: Payload): RequestTarget {
  const rawUrl = textOf(payload.raw_url)
  const path = textOf(payload.path) || rawUrl
  const query = textOf(payload.query)
  const mark = query === '' ? path.indexOf('?') : -1
  const target = mark < 0 ? { path, query } : { path: path.slice(0, mark), query: path.slice(mark + 1) }
  return { ...target, rawUrl: rawUrl || joinTarget(target.path, target.query) }
}

/** Path and query as one request target. */
export function joinTarget(path: string, query: string): string {
  return query === '' ? path : `${path}?${query}`
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
