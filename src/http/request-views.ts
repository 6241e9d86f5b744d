import type { Payload } from '../events/tagger-event.js'
import type { View } from '../events/view.js'
import { capText } from '../text/cap-text.js'
import { bodyPlace } from './body-place.js'
import { foldDisguise } from './fold-disguise.js'
import { type HeaderValue, headerValues, headerViews } from './request-headers.js'
import {
  BODY_HEAD,
  BODY_TAIL,
  HIDDEN_IN_BODY,
  HIDDEN_IN_PATH,
  HIDDEN_IN_QUERY,
  PATH_LIMIT,
  QUERY_LIMIT,
} from './request-limits.js'
import { joinTarget, type RequestTarget, requestTarget } from './request-target.js'
import { textViews, view } from './text-views.js'

const HEADER_PREFIX = 'headers.'
const REQUEST_PARTS = ['path', 'query', 'headers.*', 'body'] as const
const NONE: readonly View[] = Object.freeze([])

/**
 * The readings of an HTTP request's fields. Each field is worked out when it is first asked for, and once: `request`
 * holds the very views of the path, the query, each header line and the body. Together they stay within 64 kB.
 * A field that is missing, or no text, has no views. Never throws; linear time whatever was sent.
 */
export class RequestViews {
  readonly #payload: Payload
  readonly #fields = new Map<string, readonly View[]>()
  #target: RequestTarget | undefined
  #headerValues: readonly HeaderValue[] | undefined
  #headers: ReadonlyMap<string, readonly View[]> | undefined

  constructor(payload: Payload) {
    this.#payload = payload
  }

  /**
   * @param name `method`, `path`, `query`, `raw_url`, `host`, `user_agent`, `body`, `headers.<name>`, `headers.*`, or
   *   `request` for path, query, header values and body at once
   */
  field(name: string): readonly View[] {
    let views = this.#fields.get(name)
    if (views === undefined) {
      views = this.#readField(name)
      this.#fields.set(name, views)
    }
    return views
  }

  #readField(name: string): readonly View[] {
    switch (name) {
      case 'method':
        return plainViews(this.#payload.method)
      case 'path':
        return textViews({ text: this.#path, place: 'path', hiddenBudget: HIDDEN_IN_PATH })
      case 'query':
        return textViews({ text: this.#query, place: 'query', hiddenBudget: HIDDEN_IN_QUERY })
      case 'raw_url':
        return rawUrlViews(this.#requestTarget.rawUrl)
      case 'user_agent':
        return this.#namedHeader('user-agent', this.#payload.user_agent)
      case 'host':
        return this.#namedHeader('host', this.#payload.host)
      case 'body':
        return this.#readBody()
      case 'headers.*':
        return joinViews(this.#headerViews.values())
      case 'request':
        return joinViews(REQUEST_PARTS.map((part) => this.field(part)))
      default:
        return name.startsWith(HEADER_PREFIX) ? this.#header(name.slice(HEADER_PREFIX.length)) : NONE
    }
  }

  get #requestTarget(): RequestTarget {
    this.#target ??= requestTarget(this.#payload)
    return this.#target
  }

  get #path(): string {
    return capText(this.#requestTarget.path, PATH_LIMIT)
  }

  get #query(): string {
    return capText(this.#requestTarget.query, QUERY_LIMIT)
  }

  get #headerLines(): readonly HeaderValue[] {
    this.#headerValues ??= headerValues(this.#payload)
    return this.#headerValues
  }

  get #headerViews(): ReadonlyMap<string, readonly View[]> {
    this.#headers ??= headerViews(this.#headerLines)
    return this.#headers
  }

  #header(name: string): readonly View[] {
    return this.#headerViews.get(name.toLowerCase()) ?? NONE
  }

  /** A header that producers also give as a field of its own, which then wins. */
  #namedHeader(name: string, given: unknown): readonly View[] {
    const views = this.#header(name)
    return typeof given !== 'string' || views[0]?.text === given ? views : plainViews(given)
  }

  #readBody(): readonly View[] {
    const { body } = this.#payload
    if (typeof body !== 'string') return NONE
    const contentType = this.#headerLines.find(({ name }) => name === 'content-type')?.value ?? ''
    return textViews({ text: capBody(body), place: bodyPlace(body, contentType), hiddenBudget: HIDDEN_IN_BODY })
  }
}

function joinViews(parts: Iterable<readonly View[]>): readonly View[] {
  const joined: View[] = []
  for (const views of parts) joined.push(...views)
  return joined
}

function plainViews(value: unknown): readonly View[] {
  return typeof value === 'string'
    ? textViews({ text: capText(value, PATH_LIMIT), place: 'header', hiddenBudget: 0 })
    : NONE
}

/** Path and query are folded each by its own rules; what hides in them is among their own views. */
function rawUrlViews(rawUrl: string): readonly View[] {
  const mark = rawUrl.indexOf('?')
  const path = capText(mark < 0 ? rawUrl : rawUrl.slice(0, mark), PATH_LIMIT)
  const query = mark < 0 ? '' : capText(rawUrl.slice(mark + 1), QUERY_LIMIT)
  const raw = joinTarget(path, query)
  if (raw === '') return NONE
  const folded = joinTarget(foldDisguise(path, 'path'), foldDisguise(query, 'query'))
  return folded === raw || folded === '' ? [view('raw', raw)] : [view('raw', raw), view('folded', folded)]
}

function capBody(body: string): string {
  if (body.length <= BODY_HEAD + BODY_TAIL) return body
  return body.slice(0, BODY_HEAD) + body.slice(body.length - BODY_TAIL)
}
