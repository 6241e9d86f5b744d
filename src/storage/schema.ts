import type { Kysely } from 'kysely'
import type { Outcome } from '../events/tagger-event.js'
import type { Basis } from '../tagging/tag.js'

/** One tag. Times are ISO 8601 in UTC with milliseconds, so that their text order is their order. */
export interface TagTable {
  uuid: string
  source_kind: string
  source_id: string
  attacker_uuid: string | null
  identity_uuid: string | null
  session_id: string | null
  decky_id: string | null
  tactic: string
  technique_id: string
  sub_technique_id: string | null
  confidence: number
  rule_id: string
  rule_version: number
  basis: Basis
  outcome: Outcome | null
  /** JSON text. */
  evidence: string
  attack_release: string
  observed_at: string
  created_at: string
}

/** What attackers, sessions and deckies have in common: when tagged events were seen, and how many tags they have. */
export interface SightingTable {
  first_seen: string
  last_seen: string
  tag_count: number
}

export interface AttackerTable extends SightingTable {
  attacker_uuid: string
  /** Canonical address: an IPv4 address, or the /64 network of an IPv6 one; null where no event told it. */
  address: string | null
}

export interface SessionTable extends SightingTable {
  session_id: string
  attacker_uuid: string | null
  decky_id: string | null
}

export interface DeckyTable extends SightingTable {
  decky_id: string
}

/** Every table, by name. The same on all backends. */
export interface StorageSchema {
  ttp_tag: TagTable
  ttp_attacker: AttackerTable
  ttp_session: SessionTable
  ttp_decky: DeckyTable
}

/**
 * For reading; writes belong into repositories and `Database.transact`, which wait for other writers without holding up
 * the process. Text may hold anything: see `storedText`.
 */
export type StorageQueries = Kysely<StorageSchema>
