import { type ParsedScript, parse } from 'unbash'

/** A part of a text that parsed, and where it starts. */
export interface ParsedPart {
  readonly script: ParsedScript
  readonly offset: number
}

export interface ParsedText {
  readonly parts: readonly ParsedPart[]
  /** Index from which the text is no shell syntax; its length if all of it parsed. */
  readonly parsedUntil: number
}

/** Times that parsing is taken up again after a token that no command can start with, such as a stray `)` or `;;`. */
const MOST_RESUMES = 8
/** Brackets inside each other: real scripts stay below a dozen, and parsing takes the square of it in time. */
const DEEPEST_NESTING = 48

/** Parses a text as a shell script, going on behind syntax errors as a terminal would with the next line. */
export function parseScript(text: string): ParsedText {
  const parts: ParsedPart[] = []
  if (isTooDeep(text)) return { parts, parsedUntil: 0 }
  let offset = 0
  while (offset < text.length) {
    if (parts.length > MOST_RESUMES) return { parts, parsedUntil: offset }
    const rest = offset === 0 ? text : text.slice(offset)
    const script = parse(rest)
    parts.push({ script, offset })
    const next = indexAfterError(script, rest)
    if (next < 0) break
    offset += next
  }
  return { parts, parsedUntil: text.length }
}

/** Index at which to go on after the parser gave up on a token, or -1 if it read everything. */
function indexAfterError(script: ParsedScript, text: string): number {
  const error = script.errors?.[script.errors.length - 1]
  if (error === undefined || error.message.startsWith('unterminated')) return -1
  const lastEnd = script.commands[script.commands.length - 1]?.end ?? 0
  if (error.pos < lastEnd || error.pos >= text.length) return -1
  let next = error.pos
  while (next < text.length && ';&|)}( \t\n'.includes(text.charAt(next))) next++
  return Math.max(next, error.pos + 1)
}

/** Whether a text opens so many brackets without closing them that it is not worth parsing. Quotes do not count. */
function isTooDeep(text: string): boolean {
  if (text.length <= DEEPEST_NESTING) return false
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x28 || code === 0x7b) {
      if (++depth > DEEPEST_NESTING) return true
    } else if ((code === 0x29 || code === 0x7d) && depth > 0) {
      depth--
    }
  }
  return false
}
