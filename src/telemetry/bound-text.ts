/** Longest argument of an operation that an event keeps, in UTF-16 units: enough to tell a protocol and a request. */
const LONGEST_ARGUMENT = 4096
/** Longest name, of an operation or an event type, that is kept of a text that anybody may have written. */
const LONGEST_NAME = 100

/** The head of an argument that an attacker sent, never ending in half a surrogate pair. */
export function boundArgument(text: string): string {
  return bounded(text, LONGEST_ARGUMENT)
}

/** The head of a name, never ending in half a surrogate pair. */
export function boundName(text: string): string {
  return bounded(text, LONGEST_NAME)
}

function bounded(text: string, limit: number): string {
  if (text.length <= limit) return text
  const last = text.charCodeAt(limit - 1)
  const endsInHighSurrogate = last >= 0xd800 && last <= 0xdbff
  return text.slice(0, endsInHighSurrogate ? limit - 1 : limit)
}
