/**
 * Whether a pattern is of a kind that RE2 surely compiles: literals, common escapes, simple classes, groups, alternation
 * and small repetitions. Compiling takes a tenth of a millisecond, which adds up over thousands of rules at start; this
 * takes a hundredth of that. A "no" means nothing: then RE2 itself is asked.
 */
export function isPlainPattern(pattern: string): boolean {
  if (pattern.length > MAX_LENGTH) return false
  let depth = 0
  let canRepeat = false
  let copies = 1
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!
    switch (character) {
      case '\\': {
        const escaped = pattern[++at]
        if (escaped === 'x' && HEX_PAIR.test(pattern.slice(at + 1, at + 3))) at += 2
        else if (escaped === undefined || !ESCAPABLE.test(escaped)) return false
        canRepeat = !'bB'.includes(escaped)
        break
      }
      case '[': {
        const end = classEnd(pattern, at)
        if (end < 0) return false
        at = end
        canRepeat = true
        break
      }
      case '(':
        if (pattern[at + 1] === '?') {
          if (pattern[at + 2] !== ':') return false
          at += 2
        }
        depth++
        canRepeat = false
        break
      case ')':
        if (--depth < 0) return false
        canRepeat = true
        break
      case '*':
      case '+':
      case '?':
        if (!canRepeat) return false
        if (pattern[at + 1] === '?') at++
        canRepeat = false
        break
      case '{':
      case '}':
      case ']': {
        if (character !== '{' || !canRepeat) return false
        const repetition = readRepetition(pattern, at)
        if (repetition === null) return false
        copies *= Math.max(repetition.most, 1)
        if (copies > MAX_COPIES || copies * pattern.length > MAX_SIZE) return false
        at = repetition.end
        canRepeat = false
        break
      }
      case '|':
      case '^':
      case '$':
        canRepeat = false
        break
      default:
        canRepeat = true
    }
  }
  return depth === 0
}

const MAX_LENGTH = 1000
/** Repetitions may stand inside each other, so their counts multiply; far below the budget of RE2. */
const MAX_SIZE = 60_000
/** RE2 itself refuses repetitions whose counts multiply to more. */
const MAX_COPIES = 1000
const HEX_PAIR = /^[0-7][0-9a-fA-F]$/
const ESCAPABLE = /[.*+?^$|()[\]{}\\/\-"'`#&%~,:;<>=!@_ bBdDsSwWnrt]/
/** Members of a class that mean themselves, ranges of letters and digits, and the common escapes. */
const CLASS =
  /^\[(?!\^\])\^?-?(?:(?:[a-z]-[a-z]|[A-Z]-[A-Z]|\d-\d)|[^\]\\[-]|\\x[0-7][\da-fA-F]|\\[.*+?^$|()[\]{}\\/\-"'`dDsSwWnrt])+-?\]/
const REPETITION = /^\{(\d{1,3})(?:,(\d{0,3}))?\}(?![*+?{])/

function classEnd(pattern: string, start: number): number {
  const found = CLASS.exec(pattern.slice(start, start + 200))
  return found === null || hasReversedRange(found[0]) ? -1 : start + found[0].length - 1
}

function hasReversedRange(text: string): boolean {
  for (const [, from = '', to = ''] of text.matchAll(/([a-zA-Z\d])-([a-zA-Z\d])/g)) if (from > to) return true
  return false
}

function readRepetition(pattern: string, start: number): { readonly end: number; readonly most: number } | null {
  const found = REPETITION.exec(pattern.slice(start, start + 10))
  if (found === null) return null
  const least = Number(found[1])
  const most = found[2] === undefined || found[2] === '' ? least : Number(found[2])
  return least <= most ? { end: start + found[0].length - 1, most } : null
}
