import { hexDigit, isCharacter } from './hex-digits.js'

/** Named entities that stand for ASCII; the others disguise nothing. */
const NAMED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: '&',
    apos: "'",
    ast: '*',
    bsol: '\\',
    colon: ':',
    comma: ',',
    commat: '@',
    dollar: '$',
    equals: '=',
    excl: '!',
    grave: '`',
    gt: '>',
    GT: '>',
    lbrace: '{',
    lbrack: '[',
    lcub: '{',
    lowbar: '_',
    lpar: '(',
    lsqb: '[',
    lt: '<',
    LT: '<',
    nbsp: ' ',
    NewLine: '\n',
    num: '#',
    percnt: '%',
    period: '.',
    plus: '+',
    quest: '?',
    quot: '"',
    QUOT: '"',
    rbrace: '}',
    rbrack: ']',
    rcub: '}',
    rpar: ')',
    rsqb: ']',
    semi: ';',
    sol: '/',
    Tab: '\t',
    verbar: '|',
    vert: '|',
  }),
)

const LONGEST_NAME = 7
const MOST_DIGITS = 8

/**
 * Undoes one layer of HTML entities: numeric ones, with or without their semicolon as browsers read them, and the named
 * ones that stand for ASCII. Everything else stays. The result is never longer than the text. Linear time.
 */
export function decodeHtmlEntities(text: string): string {
  let ampersand = text.indexOf('&')
  if (ampersand < 0) return text
  let decoded = ''
  let copied = 0
  while (ampersand >= 0) {
    const isNumeric = text.charCodeAt(ampersand + 1) === 35
    const entity = isNumeric ? readNumeric(text, ampersand + 2) : readNamed(text, ampersand + 1)
    if (entity !== null) {
      decoded += text.slice(copied, ampersand) + entity.character
      copied = entity.end
    }
    ampersand = text.indexOf('&', entity?.end ?? ampersand + 1)
  }
  return copied === 0 ? text : decoded + text.slice(copied)
}

interface Entity {
  readonly character: string
  readonly end: number
}

function readNumeric(text: string, start: number): Entity | null {
  const isHex = (text.charCodeAt(start) | 32) === 120
  const first = isHex ? start + 1 : start
  const limit = isHex ? 16 : 10
  let end = skipZeros(text, first)
  const significant = end
  let codePoint = 0
  for (
    let digit = digitAt(text, end, limit);
    digit >= 0 && end - significant < MOST_DIGITS;
    digit = digitAt(text, end, limit)
  ) {
    codePoint = codePoint * limit + digit
    end++
  }
  if (end === first || !isCharacter(codePoint)) return null
  return { character: String.fromCodePoint(codePoint), end: text.charCodeAt(end) === 59 ? end + 1 : end }
}

/** Leading zeros are a common way to make an entity longer than a filter looks. */
function skipZeros(text: string, start: number): number {
  let index = start
  while (text.charCodeAt(index) === 48) index++
  return index
}

function digitAt(text: string, index: number, limit: number): number {
  const digit = hexDigit(text.charCodeAt(index))
  return digit < limit ? digit : -1
}

function readNamed(text: string, start: number): Entity | null {
  const window = text.slice(start, start + LONGEST_NAME + 1)
  const length = window.indexOf(';')
  const character = length < 0 ? undefined : NAMED.get(window.slice(0, length))
  return character === undefined ? null : { character, end: start + length + 1 }
}
