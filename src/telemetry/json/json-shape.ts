import { findJsonFault } from './json-scan.js'

const ARRAY = "the file is a JSON array; one object a line is expected (jq -c '.[]' FILE turns it into that)"
const SPREAD =
  'the file spreads each JSON object over several lines; one object a line is expected (jq -c . FILE turns it into that)'
const LONE_BRACE = /^\{[ \t\r]*\n/

/**
 * Says what is wrong if the head of a file shows JSON in another shape than one object a line: arrays, or objects
 * printed over several lines. Null if nothing speaks for that. The head may break off anywhere. It is read as JSON, so a
 * log whose first line is the rest of a torn one is not taken for an array because that rest begins with a bracket.
 */
export function findShapeProblem(head: Buffer): string | null {
  const text = head.toString('utf8').trimStart()
  if (text.startsWith('[')) return beginsWithValue(text, '[') ? ARRAY : null
  return LONE_BRACE.test(text) && beginsWithValue(text, '{') ? SPREAD : null
}

/** Whether the text is a JSON value or the beginning of one, or such a value with another one of its kind behind it. */
function beginsWithValue(text: string, bracket: '[' | '{'): boolean {
  const fault = findJsonFault(text)
  if (fault === null || fault.reason === 'ends-early') return true
  return fault.reason === 'text-after-end' && text[fault.index] === bracket
}
