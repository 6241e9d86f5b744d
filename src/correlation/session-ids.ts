/** How many sessions a list names at most. */
const MOST_SESSIONS = 64

/** The sessions of some things, the earliest first; at most 64. Things come in the order of their times. */
export function sessionIdsOf(things: readonly { readonly place: { readonly sessionId: string | null } }[]): string[] {
  const ids = new Set<string>()
  for (const { place } of things) {
    if (place.sessionId !== null) ids.add(place.sessionId)
    if (ids.size === MOST_SESSIONS) break
  }
  return [...ids]
}
