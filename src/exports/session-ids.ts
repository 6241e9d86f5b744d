import type { Tag } from '../tagging/tag.js'

/** The sessions that a tag speaks of: its own, or those that its evidence names where it was concluded from several. */
export function sessionIdsOf({ sessionId, evidence }: Pick<Tag, 'sessionId' | 'evidence'>): readonly string[] {
  if (sessionId !== null) return [sessionId]
  const { session_ids: named } = evidence
  return Array.isArray(named) ? named.filter((id) => typeof id === 'string') : NONE
}

const NONE: readonly string[] = []
