import type { Tag } from '../tagging/tag.js'

/** A tag as it was kept. `sourceIp` is the attacker's canonical address: of an IPv6 address its /64 network. */
export interface StoredTag extends Tag {
  readonly createdAt: Date
}

/** Keeps tags, and what is known of their attackers, sessions and deckies. */
export interface TagRepository {
  /**
   * Keeps tags in one transaction, all or none, and answers those that were not there before, in the order given.
   * Safe to repeat: a tag's uuid says what it states, so a known one is left as it is. The counts of attackers, sessions
   * and deckies grow by the new tags only; their first and last sighting widen.
   * @throws DatabaseError
   */
  insert(tags: readonly Tag[]): Promise<readonly Tag[]>

  /**
   * The tag of that id, or null. Ids of attackers, identities, sessions and deckies of more than 400 UTF-16 units come
   * back shortened, as `storedKey` tells.
   * @throws DatabaseError
   */
  tagByUuid(uuid: string): Promise<StoredTag | null>
}
