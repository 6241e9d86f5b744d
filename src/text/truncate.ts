const ELLIPSIS = '…'

/**
 * A text of at most `limit` UTF-16 units: a longer one keeps its beginning and its end around `…`. Never cuts a code
 * point in two.
 */
export function truncateMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text
  if (limit <= 1) return limit === 1 ? ELLIPSIS : ''
  const head = Math.ceil((limit - 1) / 2)
  const tail = limit - 1 - head
  return `${text.slice(0, floorBoundary(text, head))}${ELLIPSIS}${text.slice(ceilBoundary(text, text.length - tail))}`
}

/** The same, but only the beginning is kept. */
export function truncateEnd(text: string, limit: number): string {
  if (text.length <= limit) return text
  return limit < 1 ? '' : text.slice(0, floorBoundary(text, limit - 1)) + ELLIPSIS
}

/**
 * The part of a text around `[start, end)`, at most `limit` UTF-16 units with an `…` where something was left out. Of a
 * stretch that is longer than the limit the beginning is shown. Offsets beyond the text are taken as its end.
 */
export function excerptAround(text: string, start: number, end: number, limit: number): string {
  if (text.length <= limit) return text
  const length = Math.max(1, limit - 2 * ELLIPSIS.length)
  const focus = Math.min(Math.max(0, end - start), length)
  const wanted = Math.max(0, start - Math.floor((length - focus) / 2))
  const from = ceilBoundary(text, Math.min(wanted, text.length - length))
  const to = floorBoundary(text, Math.min(text.length, from + length))
  return `${from > 0 ? ELLIPSIS : ''}${text.slice(from, to)}${to < text.length ? ELLIPSIS : ''}`
}

/** The nearest place at or before `index` that is not inside a surrogate pair. */
function floorBoundary(text: string, index: number): number {
  return splitsPair(text, index) ? index - 1 : index
}

function ceilBoundary(text: string, index: number): number {
  return splitsPair(text, index) ? index + 1 : index
}

function splitsPair(text: string, index: number): boolean {
  return index > 0 && (text.codePointAt(index - 1) ?? 0) > 0xffff
}
