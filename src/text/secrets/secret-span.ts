/** A stretch of a text that is a secret: character offsets, end exclusive. */
export interface SecretSpan {
  readonly start: number
  readonly end: number
}

/** Looks for one sort of secret. Time grows linearly with the text; the answer may overlap and needs no order. */
export type SecretFinder = (text: string) => Iterable<SecretSpan>

/** What stands for a secret. Its length is fixed, so that it tells nothing of the secret's. */
export const MASK = '***'

/** Replaces every span by the mask; spans that overlap or touch share one. */
export function maskSpans(text: string, spans: readonly SecretSpan[]): string {
  let masked = ''
  let position = 0
  for (const { start, end } of mergeSpans(spans)) {
    masked += text.slice(position, start) + MASK
    position = end
  }
  return masked + text.slice(position)
}

/** The same stretches in the order of the text, without empty ones; spans that overlap or touch become one. */
export function mergeSpans(spans: readonly SecretSpan[]): readonly SecretSpan[] {
  const ordered = spans.filter((span) => span.start < span.end).sort((left, right) => left.start - right.start)
  const merged: SecretSpan[] = []
  for (let index = 0; index < ordered.length; ) {
    const { start } = ordered[index]!
    let end = start
    while (index < ordered.length && ordered[index]!.start <= end) {
      end = Math.max(end, ordered[index]!.end)
      index++
    }
    merged.push({ start, end })
  }
  return merged
}

/** The inside of `text[start, end)`: without the quotes if one pair of them encloses all of it. */
export function insideQuotes(text: string, start: number, end: number): SecretSpan {
  const from = text[start] === '$' && isQuote(text[start + 1]) ? start + 1 : start
  const enclosed = isQuote(text[from]) && text[from] === text[end - 1] && end - from >= 2
  return enclosed ? { start: from + 1, end: end - 1 } : { start, end }
}

/** Whether a character opens and closes a quoted text. */
export function isQuote(character: string | undefined): boolean {
  return character === '"' || character === "'"
}
