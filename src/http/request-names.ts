import { bodyPlace } from './body-place.js'
import { decodePercent } from './percent-decoding.js'
import { BODY_HEAD, QUERY_LIMIT } from './request-limits.js'

const MOST_NAMES = 32
const LONGEST_NAME = 64
/** A query without an equals sign may be a value; only what looks like a plain word is taken for a name. */
const PLAIN_WORD = /^[A-Za-z_][\w.-]{0,23}$/
const UNSAFE = /[^\w.\-[\]:$@]/g
const MULTIPART_NAME = /\bname="([^"\r\n]{1,64})"/g

/**
 * Names of the parameters in a query and a body (form, multipart, or the top level of JSON), never their values.
 * Distinct, in order, at most 32 of 64 characters, each made safe to store and show.
 */
export function parameterNames(query: string, body: string, contentType: string): string[] {
  const names = new Set<string>()
  addFormNames(names, query.slice(0, QUERY_LIMIT))
  const head = body.slice(0, BODY_HEAD)
  if (contentType.toLowerCase().includes('multipart/')) addMultipartNames(names, head)
  else if (bodyPlace(head, contentType) === 'form') addFormNames(names, head)
  else if (bodyPlace(head, contentType) === 'json') addJsonNames(names, body)
  return [...names]
}

/** Lower-case names of the headers in a payload's header map; distinct, at most 32 of 64 characters, made safe. */
export function headerNames(headers: unknown): string[] {
  const names = new Set<string>()
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return []
  for (const name of Object.keys(headers)) addName(names, name.slice(0, LONGEST_NAME).toLowerCase())
  return [...names]
}

function addName(names: Set<string>, name: string): void {
  if (name !== '' && names.size < MOST_NAMES) names.add(name.slice(0, LONGEST_NAME).replace(UNSAFE, '_'))
}

function addFormNames(names: Set<string>, text: string): void {
  let start = 0
  while (start < text.length && names.size < MOST_NAMES) {
    const next = text.indexOf('&', start)
    const end = next < 0 ? text.length : next
    addPairName(names, text.slice(start, end))
    start = end + 1
  }
}

function addPairName(names: Set<string>, pair: string): void {
  const equals = pair.indexOf('=')
  if (equals >= 0) addName(names, decodePercent(pair.slice(0, Math.min(equals, 3 * LONGEST_NAME))))
  else if (PLAIN_WORD.test(pair)) addName(names, pair)
}

function addMultipartNames(names: Set<string>, body: string): void {
  for (const match of body.matchAll(MULTIPART_NAME)) addName(names, match[1]!)
}

/** Only a body short enough to be parsed whole: half a JSON text is none. */
function addJsonNames(names: Set<string>, body: string): void {
  if (body.length > BODY_HEAD) return
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return
    for (const name of Object.keys(value)) addName(names, name)
  } catch {
    // Not JSON after all: it has no names.
  }
}
