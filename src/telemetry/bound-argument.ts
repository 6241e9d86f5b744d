/** Longest argument of an operation that an event keeps, in UTF-16 units: enough to tell a protocol and a request. */
const LONGEST_ARGUMENT = 4096

/** The head of a text that an attacker sent, never ending in half a surrogate pair. */
export function boundArgument(text: string): string {
  if (text.length <= LONGEST_ARGUMENT) return text
  const last = text.charCodeAt(LONGEST_ARGUMENT - 1)
  const endsInHighSurrogate = last >= 0xd800 && last <= 0xdbff
  return text.slice(0, endsInHighSurrogate ? LONGEST_ARGUMENT - 1 : LONGEST_ARGUMENT)
}
