/**
 * The first characters of a text, as a text of its own: a slice may hold the whole of what it was cut from in memory, for
 * as long as it lives itself.
 */
export function detachedHead(text: string, limit: number): string {
  return text.length <= limit ? text : detached(text.slice(0, limit))
}

/** The same text, which holds nothing of any text that it was cut from. */
export function detached(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le')
}
