import { splitTarget } from '../requests/request-target.js'

/** A request line in its parts, as far as it has them. */
export interface RequestLine {
  readonly method?: string
  /** Request target up to its question mark. */
  readonly path?: string
  /** What follows the question mark; left out where that is nothing. */
  readonly query?: string
  /** Request target as sent; of a line that is no request, all of it. */
  readonly rawUrl?: string
}

const METHOD = /^[A-Za-z_-]{1,32}$/
const BARE_METHOD = /^[A-Z_-]{1,32}$/
const NOTHING: RequestLine = Object.freeze({})

/**
 * Reads what a client sent as its request line: `GET /a?b HTTP/1.1`, `GET /a` of HTTP/0.9, or anything else, which is
 * kept whole as `rawUrl`. Nothing (`-`, or no text) has no parts. A target may hold spaces.
 */
export function parseRequestLine(sent: string): RequestLine {
  if (sent === '' || sent === '-') return NOTHING
  const first = sent.indexOf(' ')
  if (first < 0) return BARE_METHOD.test(sent) ? { method: sent, rawUrl: sent } : { rawUrl: sent }
  const method = sent.slice(0, first)
  if (!METHOD.test(method)) return { rawUrl: sent }
  const last = sent.lastIndexOf(' ')
  const hasVersion = sent.startsWith('HTTP/', last + 1)
  const target = hasVersion ? sent.slice(first + 1, Math.max(first + 1, last)) : sent.slice(first + 1)
  if (target === '') return { method, rawUrl: sent }
  return hasVersion || target.startsWith('/') ? { method, ...splitTarget(target) } : { rawUrl: sent }
}
