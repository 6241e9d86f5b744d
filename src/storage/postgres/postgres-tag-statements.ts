import { createEvidenceJson } from '../../exports/evidence-json.js'
import { createIsoTime } from '../../exports/iso-time.js'
import type { Tag } from '../../tagging/tag.js'
import type { TagTable } from '../schema.js'
import { storedKeyOrNull, storedText } from '../stored-text.js'
import { TAG_COLUMNS } from '../tag-columns.js'
import { SERVER_TIME } from './server-time.js'

const ARRAY_TYPES: Partial<Record<keyof TagTable, string>> = { confidence: 'float8[]', rule_version: 'int8[]' }
/** One value for all rows; null for the clock of the server. */
const CREATED_AT = `$${TAG_COLUMNS.length}`
const ARRAY_COLUMNS = TAG_COLUMNS.slice(0, -1)

/** Inserts rows given as one array a column, and answers the uuids of those that were not there. */
export const INSERT_TAGS = {
  name: 'insert-tags',
  text: `
    insert into ttp_tag (${TAG_COLUMNS.join(', ')})
    select *, (select coalesce(${CREATED_AT}::text, ${SERVER_TIME}))
    from unnest(${ARRAY_COLUMNS.map((column, index) => `$${index + 1}::${ARRAY_TYPES[column] ?? 'text[]'}`).join(', ')})
    on conflict (uuid) do nothing
    returning uuid`,
} as const

/** A function that makes the parameters of `INSERT_TAGS`. It remembers what tags share. */
export function createTagArrays(): (tags: readonly Tag[], createdAt: string | null) => unknown[] {
  const evidenceJson = createEvidenceJson()
  const isoTime = createIsoTime()
  return (tags, createdAt) => [
    tags.map((tag) => tag.uuid),
    tags.map((tag) => storedText(tag.sourceKind)),
    tags.map((tag) => storedText(tag.sourceId)),
    tags.map((tag) => storedKeyOrNull(tag.attackerUuid)),
    tags.map((tag) => storedKeyOrNull(tag.identityUuid)),
    tags.map((tag) => storedKeyOrNull(tag.sessionId)),
    tags.map((tag) => storedKeyOrNull(tag.deckyId)),
    tags.map((tag) => tag.tactic),
    tags.map((tag) => tag.techniqueId),
    tags.map((tag) => tag.subTechniqueId),
    tags.map((tag) => tag.confidence),
    tags.map((tag) => tag.ruleId),
    tags.map((tag) => tag.ruleVersion),
    tags.map((tag) => tag.basis),
    tags.map((tag) => tag.outcome),
    tags.map((tag) => evidenceJson(tag.evidence)),
    tags.map((tag) => tag.attackRelease),
    tags.map((tag) => isoTime(tag.observedAt.getTime())),
    createdAt,
  ]
}
