import type { TagTable } from './schema.js'

/** The columns of `ttp_tag` in the order in which every backend binds them. */
export const TAG_COLUMNS: readonly (keyof TagTable)[] = [
  'uuid',
  'source_kind',
  'source_id',
  'attacker_uuid',
  'identity_uuid',
  'session_id',
  'decky_id',
  'tactic',
  'technique_id',
  'sub_technique_id',
  'confidence',
  'rule_id',
  'rule_version',
  'basis',
  'outcome',
  'evidence',
  'attack_release',
  'observed_at',
  'created_at',
]
