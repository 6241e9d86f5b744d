import type { Kysely } from 'kysely'
import type { Outcome } from '../events/tagger-event.js'
import type { Classification } from '../intel/provider-tables.js'
import type { RuleStateRow } from '../rules/rule-state-row.js'
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

/**
 * What attackers, sessions and deckies have in common: when tagged events were seen, and how many tags they have. Of whom
 * only third parties spoke nothing was seen: `first_seen` lies behind `last_seen`.
 */
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

/** One rule definition, as it is in force. */
export interface RuleTable {
  rule_id: string
  rule_version: number
  /** Name of the file that it came from, inside its folder. */
  source_path: string
  /** The file, byte for byte. */
  yaml_content: string
  /** SHA-256 of the content, hexadecimal. */
  content_hash: string
  updated_at: string
  updated_by: string
}

/** One change of one rule: append-only, in the order of commits. */
export interface RuleChangeTable {
  seq: number
  rule_id: string
  kind: 'definition' | 'removed' | 'state'
  /** JSON of what was: the row of `ttp_rule` or `ttp_rule_state`; null where there was none. */
  before: string | null
  /** JSON of what is from here on; null where there is nothing. */
  after: string | null
  at: string
  by: string
}

/** Counters whose row is the lock of their writers. */
export interface SequenceTable {
  name: string
  last: number
}

/** Roles that one process holds at a time. */
export interface LeaseTable {
  name: string
  holder: string | null
  /** Grows with each new holder, so that what an earlier one still writes can be told from it. */
  epoch: number
  expires_at: string
}

/** What a third party said of an attacker: every verdict that came; the latest of each provider is in force. */
export interface VerdictTable {
  /** The id of its event. */
  source_id: string
  attacker_uuid: string
  /** Canonical address. */
  address: string | null
  provider: string
  classification: Classification
  /** 0 to 1. */
  score: number
  /** JSON text: the provider's own names of what it saw. */
  categories: string
  family: string | null
  observed_at: string
}

/** Every table, by name. The same on all backends. */
export interface StorageSchema {
  ttp_tag: TagTable
  ttp_attacker: AttackerTable
  ttp_session: SessionTable
  ttp_decky: DeckyTable
  ttp_rule: RuleTable
  /** What an operator set on one rule; no row means the default. */
  ttp_rule_state: RuleStateRow
  ttp_rule_change: RuleChangeTable
  ttp_sequence: SequenceTable
  ttp_lease: LeaseTable
  ttp_verdict: VerdictTable
}

/**
 * For reading; writes belong into repositories and `Database.transact`, which wait for other writers without holding up
 * the process. Text may hold anything: see `storedText`.
 */
export type StorageQueries = Kysely<StorageSchema>
