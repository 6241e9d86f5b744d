import type { TagRow } from '../../exports/tag-row.js'
import { tagFromRow } from '../../exports/tag-row.js'
import type { TagTable } from '../schema.js'
import type { StoredTag } from '../tag-repository.js'

/** In the order in which the repository binds them. */
const COLUMNS: readonly (keyof TagTable)[] = [
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

/** Changes nothing where the uuid is known; anything else that is wrong with the row is an error. */
export const INSERT_TAG = `
  insert into ttp_tag (${COLUMNS.join(', ')}) values (${COLUMNS.map(() => '?').join(', ')})
  on conflict (uuid) do nothing`

export const SELECT_TAG = `
  select ttp_tag.*, ttp_attacker.address as source_ip
  from ttp_tag left join ttp_attacker on ttp_attacker.attacker_uuid = ttp_tag.attacker_uuid
  where uuid = ?`

/** A row of `SELECT_TAG`. */
export interface SelectedTag extends TagTable {
  source_ip: string | null
}

/** The tag that a row of `SELECT_TAG` holds. */
export function storedTag(selected: SelectedTag): StoredTag {
  const row: TagRow = { ...selected, evidence: JSON.parse(selected.evidence) as TagRow['evidence'] }
  return { ...tagFromRow(row), createdAt: new Date(selected.created_at) }
}
