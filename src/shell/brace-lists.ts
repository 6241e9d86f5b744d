/** Opening braces of one word that are looked at: each may cost a pass over the word. */
const MOST_OPENING = 16

/**
 * Spells out the `{a,b}` lists of a word as typed, quotes and expansions untouched: `x{a,b}` gives `xa` and `xb`.
 * Sequences (`{1..9}`) stay. Null if there is no list, or if it would grow to more than `most` words.
 */
export function expandBraceLists(raw: string, most: number): readonly string[] | null {
  if (countOpening(raw) > MOST_OPENING) return null
  const words = expand(raw, 0, most)
  return words === null || words.length > most || words.length === 1 ? null : words
}

function countOpening(raw: string): number {
  let count = 0
  for (let i = raw.indexOf('{'); i >= 0; i = raw.indexOf('{', i + 1)) count++
  return count
}

function expand(raw: string, from: number, most: number): string[] | null {
  for (let open = nextBrace(raw, from); open >= 0; open = nextBrace(raw, open + 1)) {
    const alternatives = splitList(raw, open)
    if (alternatives === null) continue
    const heads = alternatives.items.map((item) => expand(item, 0, most))
    const tails = expand(raw.slice(alternatives.end), 0, most)
    return multiply(raw.slice(0, open), heads, tails, most)
  }
  return [raw]
}

function multiply(
  prefix: string,
  heads: readonly (readonly string[] | null)[],
  tails: readonly string[] | null,
  most: number,
): string[] | null {
  if (tails === null) return null
  const words: string[] = []
  for (const head of heads) {
    if (head === null || words.length + head.length * tails.length > most) return null
    for (const middle of head) for (const tail of tails) words.push(prefix + middle + tail)
  }
  return words
}

/** Index of the next `{` that is neither quoted, escaped nor part of `${`; -1 if none. */
function nextBrace(raw: string, from: number): number {
  for (let i = from; i < raw.length; i = skipOne(raw, i)) if (raw.charAt(i) === '{') return i
  return -1
}

/** The items of the list that opens at `open` and the index after it; null if it holds no comma or never closes. */
function splitList(raw: string, open: number): { readonly items: readonly string[]; readonly end: number } | null {
  const items: string[] = []
  let depth = 0
  let start = open + 1
  for (let i = open; i < raw.length; i = skipOne(raw, i)) {
    const character = raw.charAt(i)
    if (character === '{') depth++
    else if (character === ',' && depth === 1) {
      items.push(raw.slice(start, i))
      start = i + 1
    } else if (character === '}' && --depth === 0) {
      items.push(raw.slice(start, i))
      return items.length > 1 ? { items, end: i + 1 } : null
    }
  }
  return null
}

/** Index after the character at `index`, or after the quoted text, escape or `${…}` that starts there. */
function skipOne(raw: string, index: number): number {
  const character = raw.charAt(index)
  if (character === '\\') return index + 2
  if (character === '$' && raw.charAt(index + 1) === '{') return afterMark(raw, '}', index + 2)
  if (character === "'" || character === '"' || character === '`') return afterMark(raw, character, index + 1)
  return index + 1
}

function afterMark(raw: string, mark: string, from: number): number {
  const at = raw.indexOf(mark, from)
  return at < 0 ? raw.length : at + 1
}
