/** A piece of a line between two separators. */
export interface PlainPiece {
  readonly words: readonly string[]
  readonly start: number
  readonly end: number
}

const MOST_PIECES = 512
/**
 * Splits a text that is no shell syntax at `;`, `|`, `&` and line ends, and its pieces at white space; quotes are honoured
 * where they close. One pass, so it serves for any text.
 */
export function splitPlainly(text: string): readonly PlainPiece[] {
  const pieces: PlainPiece[] = []
  let start = 0
  for (let i = 0; i <= text.length && pieces.length < MOST_PIECES; i++) {
    const character = text.charAt(i)
    if (i < text.length && !';|&\n'.includes(character)) {
      if (character === "'" || character === '"') i = Math.max(i, text.indexOf(character, i + 1))
      continue
    }
    const words = text
      .slice(start, i)
      .split(/[\s(){}]+/)
      .filter((word) => word !== '')
    if (words.length > 0) pieces.push({ words: words.map(unquoted), start, end: i })
    start = i + 1
  }
  return pieces
}

function unquoted(word: string): string {
  return word.replace(/["'\\]/g, '')
}
