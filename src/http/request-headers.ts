import type { Payload } from '../events/tagger-event.js'
import type { View } from '../events/view.js'
import { capText } from '../text/cap-text.js'
import { HEADERS_LIMIT, HIDDEN_IN_HEADERS } from './request-limits.js'
import { textViews } from './text-views.js'

const MOST_VALUES = 64
const LONGEST_NAME = 128

/** Headers whose base64 is a credential: nobody needs to see inside. */
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization'])

/** One header line: a header given several times has several. */
export interface HeaderValue {
  /** Lower case. */
  readonly name: string
  readonly value: string
}

/**
 * The header lines of a request, in order, at most 64. `user_agent` and `host` count as headers where the payload gives
 * them beside a header map without them. Values that are no text are left out.
 */
export function headerValues(payload: Payload): readonly HeaderValue[] {
  const values: HeaderValue[] = []
  const { headers } = payload
  if (typeof headers === 'object' && headers !== null && !Array.isArray(headers)) {
    for (const [name, value] of Object.entries(headers)) addHeader(values, name, value)
  }
  addMissing(values, 'user-agent', payload.user_agent)
  addMissing(values, 'host', payload.host)
  return values
}

function addHeader(values: HeaderValue[], name: string, value: unknown): void {
  if (name.length > LONGEST_NAME) return
  for (const element of Array.isArray(value) ? value : [value]) {
    if (values.length >= MOST_VALUES) return
    if (typeof element === 'string') values.push({ name: name.toLowerCase(), value: element })
  }
}

function addMissing(values: HeaderValue[], name: string, value: unknown): void {
  if (typeof value === 'string' && !values.some((known) => known.name === name)) values.push({ name, value })
}

/** Every reading of every header line, by lower-case name. */
export function headerViews(headers: readonly HeaderValue[]): ReadonlyMap<string, readonly View[]> {
  const limit = fairLimit(headers)
  const byName = new Map<string, readonly View[]>()
  let hiddenBudget = HIDDEN_IN_HEADERS
  for (const { name, value } of headers) {
    const text = value.length > limit ? capText(value, limit) : value
    const views = textViews({ text, place: 'header', hiddenBudget: CREDENTIALS.has(name) ? 0 : hiddenBudget })
    hiddenBudget -= hiddenLength(views)
    const known = byName.get(name)
    byName.set(name, known === undefined ? views : [...known, ...views])
  }
  return byName
}

function hiddenLength(views: readonly View[]): number {
  let length = 0
  for (const { name, text } of views) if (name === 'decoded') length += text.length
  return length
}

/** The longest value that can be kept whole so that all fit: a huge header cannot push the others out of sight. */
function fairLimit(headers: readonly HeaderValue[]): number {
  let left = HEADERS_LIMIT
  let total = 0
  for (const { value } of headers) total += value.length
  if (total <= left) return left
  const ascending = headers.map(({ value }) => value.length).sort((a, b) => a - b)
  for (const [index, length] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index))
    if (length > share) return share
    left -= length
  }
  return left
}
