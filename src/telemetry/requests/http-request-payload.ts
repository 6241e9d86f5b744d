import type { Payload } from '../../events/tagger-event.js'
import { dropAbsent } from '../drop-absent.js'
import { splitTarget } from './request-target.js'

export type HeaderMap = Readonly<Record<string, string>>

/** What a log tells of a request; undefined where it does not. */
export interface HttpRequestParts {
  readonly method: string | undefined
  /** Request target as sent. */
  readonly target: string | undefined
  /** By lower-case name, as `headerMap` gives them. */
  readonly headers: HeaderMap
  readonly host?: string | undefined
  readonly body?: string | undefined
  readonly status?: number | undefined
}

/** The payload of an `http_request`. The user agent, and the host where nothing else names it, are those of the headers. */
export function httpRequestPayload({ method, target, headers, host, body, status }: HttpRequestParts): Payload {
  const { path, query, rawUrl } = target === undefined ? {} : splitTarget(target)
  return dropAbsent({
    method,
    path,
    query,
    raw_url: rawUrl,
    host: host ?? ownValue(headers, 'host'),
    headers: Object.keys(headers).length > 0 ? headers : undefined,
    user_agent: ownValue(headers, 'user-agent'),
    body: body === '' ? undefined : body,
    status,
  })
}

/**
 * Header values by lower-case name, in the order given. What is no text is left out; the values of a name that is given
 * several times are joined by a comma, as RFC 9110 allows. A header named `__proto__` is one like any other.
 */
export function headerMap(pairs: Iterable<readonly [name: unknown, value: unknown]>): HeaderMap {
  const values = new Map<string, string[]>()
  for (const [name, value] of pairs) {
    if (typeof name !== 'string' || name === '' || typeof value !== 'string') continue
    const key = name.toLowerCase()
    const known = values.get(key)
    if (known === undefined) values.set(key, [value])
    else known.push(value)
  }
  return Object.fromEntries([...values].map(([name, several]) => [name, several.join(', ')]))
}

function ownValue(headers: HeaderMap, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] || undefined : undefined
}
