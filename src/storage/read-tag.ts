import { type TagRow, tagFromRow } from '../exports/tag-row.js'
import type { StorageQueries } from './schema.js'
import type { StoredTag } from './tag-repository.js'

/** The tag of that id, or null. */
export async function readTag(queries: StorageQueries, uuid: string): Promise<StoredTag | null> {
  const selected = await queries
    .selectFrom('ttp_tag')
    .leftJoin('ttp_attacker', 'ttp_attacker.attacker_uuid', 'ttp_tag.attacker_uuid')
    .selectAll('ttp_tag')
    .select('ttp_attacker.address as source_ip')
    .where('ttp_tag.uuid', '=', uuid)
    .executeTakeFirst()
  if (selected === undefined) return null
  const row: TagRow = { ...selected, evidence: JSON.parse(selected.evidence) as TagRow['evidence'] }
  return { ...tagFromRow(row), createdAt: new Date(selected.created_at) }
}
