import type { Generated, Kysely } from 'kysely'
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
 * What attackers, sessions and deckies have in common: when events of theirs were seen, how many tags they have, and how
 * many events were kept of them, which only a worker does. Of whom only third parties spoke nothing was seen: `first_seen`
 * lies behind `last_seen`.
 */
export interface SightingTable {
  first_seen: string
  last_seen: string
  tag_count: number
  event_count: Generated<number>
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

/** One event as it was observed, for as long as events are kept. Secrets in it are masked; see `stored-payload.ts`. */
export interface EventTable {
  source_id: string
  /** Ascends in the order of commits; some numbers are missing. */
  seq: number
  source_kind: string
  attacker_uuid: string | null
  identity_uuid: string | null
  session_id: string | null
  decky_id: string | null
  source_ip: string | null
  observed_at: string
  outcome: Outcome | null
  /** JSON text. */
  payload: string
  /** Place of its message in the stream of the bus; null where it came another way. */
  stream_seq: number | null
  /** 0 where somebody left it for a worker to judge, else 1. */
  is_judged: number
  stored_at: string
}

/** Messages of one commit that may not have been published yet. */
export interface OutboxTable {
  id: string
  /** JSON text: a list of subject, id and payload. */
  messages: string
  created_at: string
  /** Until then somebody is about to publish them. */
  claimed_until: string
}

/** Which identity an attacker belongs to. */
export interface IdentityMemberTable {
  attacker_uuid: string
  identity_uuid: string
}

/** An identity that turned out to be another one. */
export interface IdentityAliasTable {
  identity_uuid: string
  merged_into: string
}

export type WorkerState = 'starting' | 'running' | 'draining' | 'stopped' | 'failed'

/** A process of the swarm, as it told of itself last. */
export interface WorkerTable {
  worker: string
  state: WorkerState
  /** What it does, parted by commas: `tagging`, `correlation`, `ingest`. */
  roles: string
  host: string
  attack_release: string
  ruleset_hash: string
  /** Place in the log of rule changes; null where its rules live in a folder. */
  state_seq: number | null
  /** Messages and events still to be handled. */
  lag: number
  started_at: string
  heartbeat_at: string
}

/** What a sensor may push. */
export interface SensorTokenTable {
  /** SHA-256 of the token, hexadecimal. */
  token_hash: string
  sensor: string
  /** The decky that its events are of; null where they say it themselves. */
  decky_id: string | null
  /** The one log format that it sends; null to recognise it. */
  format: string | null
  /** Source kinds that it may send, parted by commas; null for all that a log can tell. */
  kinds: string | null
  created_at: string
}

/** How far a job has come that goes on where it was: correlation, backfill, files that are followed. */
export interface ProgressTable {
  name: string
  position: number
  /** What it needs to go on; null where the position is enough. */
  state: string | null
  saved_at: string
}

/** Keys that the processes of one swarm share where no file holds them. */
export interface SecretTable {
  name: string
  value: string
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
  ttp_event: EventTable
  ttp_outbox: OutboxTable
  ttp_identity_member: IdentityMemberTable
  ttp_identity_alias: IdentityAliasTable
  ttp_worker: WorkerTable
  ttp_sensor_token: SensorTokenTable
  ttp_progress: ProgressTable
  ttp_secret: SecretTable
}

/**
 * For reading; writes belong into repositories and `Database.transact`, which wait for other writers without holding up
 * the process. Text may hold anything: see `storedText`.
 */
export type StorageQueries = Kysely<StorageSchema>
