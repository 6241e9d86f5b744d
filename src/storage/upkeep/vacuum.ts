import type { Database } from '../database.js'
import type { StorageQueries } from '../schema.js'

/** Tags that one transaction takes away: others get their turn in between. */
const ROWS_AT_ONCE = 500

/** Rules that are in force, by id, with their versions. */
export type RulesInForce = ReadonlyMap<string, number>

export interface OrphanedQuery {
  readonly inForce: RulesInForce
  /** Of tags whose event was observed since then. */
  readonly since: Date
}

/** How many tags a rule and version has that are not in force any more. */
export interface OrphanedRule {
  readonly ruleId: string
  readonly ruleVersion: number
  readonly tags: number
}

/** Tags of rules that are gone, or have another version now, by rule. */
export async function countOrphaned(
  database: Pick<Database, 'snapshot'>,
  { inForce, since }: OrphanedQuery,
): Promise<readonly OrphanedRule[]> {
  const rows = await database.snapshot((queries) =>
    queries
      .selectFrom('ttp_tag')
      .select(['rule_id', 'rule_version', (row) => row.fn.countAll<number>().as('tags')])
      .where('observed_at', '>=', since.toISOString())
      .groupBy(['rule_id', 'rule_version'])
      .orderBy('rule_id')
      .orderBy('rule_version')
      .execute(),
  )
  return rows
    .filter(({ rule_id, rule_version }) => inForce.get(rule_id) !== rule_version)
    .map(({ rule_id, rule_version, tags }) => ({ ruleId: rule_id, ruleVersion: rule_version, tags }))
}

/**
 * Takes away the tags of rules that are gone or have another version now; counts of attackers, sessions and deckies shrink
 * with them. May be interrupted and done again. Answers how many tags that were.
 *
 * @throws DatabaseError
 */
export async function dropOrphaned(database: Database, query: OrphanedQuery, signal?: AbortSignal): Promise<number> {
  let dropped = 0
  for (const { ruleId, ruleVersion } of await countOrphaned(database, query)) {
    for (;;) {
      signal?.throwIfAborted()
      const rule = { ruleId, ruleVersion, since: query.since }
      const count = await database.transact(({ queries }) => dropSome(queries, rule))
      dropped += count
      if (count < ROWS_AT_ONCE) break
    }
  }
  return dropped
}

async function dropSome(
  queries: StorageQueries,
  { ruleId, ruleVersion, since }: { readonly ruleId: string; readonly ruleVersion: number; readonly since: Date },
): Promise<number> {
  const tags = await queries
    .selectFrom('ttp_tag')
    .select(['uuid', 'attacker_uuid', 'session_id', 'decky_id'])
    .where('rule_id', '=', ruleId)
    .where('rule_version', '=', ruleVersion)
    .where('observed_at', '>=', since.toISOString())
    .orderBy('uuid')
    .limit(ROWS_AT_ONCE)
    .execute()
  if (tags.length === 0) return 0
  await queries
    .deleteFrom('ttp_tag')
    .where(
      'uuid',
      'in',
      tags.map(({ uuid }) => uuid),
    )
    .execute()
  for (const [table, key] of COUNTED) {
    for (const [value, count] of [...countBy(tags.map((tag) => tag[key]))].sort()) {
      await queries
        .updateTable(table)
        .set((row) => ({ tag_count: row('tag_count', '-', count) }))
        .where(key as never, '=', value as never)
        .execute()
    }
  }
  return tags.length
}

/** Tables that count tags, in the order in which all lock them. */
const COUNTED = [
  ['ttp_attacker', 'attacker_uuid'],
  ['ttp_session', 'session_id'],
  ['ttp_decky', 'decky_id'],
] as const

function countBy(values: readonly (string | null)[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}
