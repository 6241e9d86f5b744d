import { decodeJsonEscapes, decodeNumericEscapes } from './backslash-escapes.js'
import { decodeHtmlEntities } from './html-entities.js'
import { replaceLookAlikes } from './look-alikes.js'
import { resolveLookups } from './lookup-expressions.js'
import { foldPathTricks } from './path-tricks.js'
import { decodePercent } from './percent-decoding.js'
import { openSqlComments } from './sql-comments.js'
import { foldWhiteSpace } from './white-space.js'

/** Where in a request a text stood: each place has its own encodings. */
export type Place = 'path' | 'query' | 'header' | 'form' | 'json' | 'text'

/** Encodings may be stacked; nobody's server takes off more layers than this. */
const MOST_LAYERS = 3

interface PlaceRules {
  /** A cheap test that most texts fail: nothing in them can be folded. */
  readonly signs: RegExp
  readonly plusIsSpace: boolean
  readonly keepLines: boolean
}

const VALUE_SIGNS = String.raw`[%\\]|&(?:#|[a-zA-Z]{2,7};)|\$\{|\/\*|\/\.\/|(?<![:/])\/\/|\.\.;\/|[^\0-\x7f]`
const CONTROL_SIGNS = String.raw`|[\0-\x1f\x7f]`
const CONTROL_SIGNS_WITHIN_LINES = String.raw`|[\0-\x08\x0b\x0c\x0e-\x1f\x7f]`

const oneLine = { signs: new RegExp(VALUE_SIGNS + CONTROL_SIGNS), plusIsSpace: false, keepLines: false }
const form = { signs: new RegExp(`${VALUE_SIGNS}${CONTROL_SIGNS}|\\+`), plusIsSpace: true, keepLines: false }
const lines = { signs: new RegExp(VALUE_SIGNS + CONTROL_SIGNS_WITHIN_LINES), plusIsSpace: false, keepLines: true }

const PLACES: Readonly<Record<Place, PlaceRules>> = {
  path: oneLine,
  header: oneLine,
  query: form,
  form,
  json: lines,
  text: lines,
}

/**
 * The text with its disguise taken off, case kept; the very same text where there is none. Never longer than the text,
 * never throws, linear time whatever an attacker wrote.
 */
export function foldDisguise(text: string, place: Place): string {
  const { signs, plusIsSpace, keepLines } = PLACES[place]
  if (!signs.test(text)) return text
  const spaced = plusIsSpace ? text.replaceAll('+', ' ') : text
  const decoded = decodeLayers(place === 'json' ? decodeJsonEscapes(spaced) : spaced)
  const resolved = resolveLookups(replaceLookAlikes(decoded))
  const uncommented = openSqlComments(foldWhiteSpace(resolved, keepLines))
  return foldPathTricks(uncommented, place === 'path')
}

function decodeLayers(text: string): string {
  let decoded = text
  for (let layer = 0; layer < MOST_LAYERS; layer++) {
    const before = decoded
    decoded = decodeNumericEscapes(decodeHtmlEntities(decodePercent(before)))
    if (decoded === before) break
  }
  return decoded
}
