import { findJsonFault, type JsonFault } from './json-scan.js'

/** What is wrong with a line that should be JSON, for a person. */
export interface JsonFaultExplanation {
  readonly message: string
  /** 1-based, in characters: a surrogate pair counts once. Null if the place is not known. */
  readonly column: number | null
}

/**
 * Explains why `JSON.parse` refused `text`. The engine's own message is no use: it quotes the text, and with it the
 * attacker, and does not always say where. The message quotes at most one character, and only if it is printable ASCII.
 */
export function explainJsonFault(text: string): JsonFaultExplanation {
  const fault = findJsonFault(text)
  if (fault === null) return { message: 'the line is no JSON that this program can read', column: null }
  return { message: describe(text, fault), column: columnOf(text, fault.index) }
}

function describe(text: string, { reason, index }: JsonFault): string {
  switch (reason) {
    case 'ends-early':
      return 'the line ends in the middle of the JSON object (truncated write?)'
    case 'control-character':
      return `a raw control character (${nameCharacter(text, index)}) stands inside a string; JSON wants it escaped`
    case 'invalid-escape':
      return 'a backslash inside a string begins no escape that JSON knows'
    case 'text-after-end':
      if (text[index] === '{') return "the JSON value has ended, but '{' follows (two objects on one line?)"
      return `the JSON value has ended, but ${nameCharacter(text, index)} follows`
    case 'unexpected-character':
      if (text.slice(0, index).trim() === '') return `not JSON: the line begins with ${nameCharacter(text, index)}`
      return `not JSON: ${nameCharacter(text, index)} stands where JSON allows none`
  }
}

function nameCharacter(text: string, index: number): string {
  const code = text.codePointAt(index)!
  if (code > 0x20 && code < 0x7f) return `'${String.fromCodePoint(code)}'`
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

/** The column of a place in a line: 1-based, in characters; a surrogate pair counts once. */
export function columnOf(text: string, index: number): number {
  let column = 1
  for (let position = 0; position < index; column++) position += text.codePointAt(position)! > 0xffff ? 2 : 1
  return column
}
