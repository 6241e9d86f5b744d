import { chunks } from '../collections/chunks.js'
import { canonicalAddress } from '../events/address.js'
import { createEvent } from '../events/create-event.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import { familyName } from '../intel/family-name.js'
import { CLASSIFICATIONS, isProvider } from '../intel/provider-tables.js'
import type { Database } from './database.js'
import type { StorageQueries, VerdictTable } from './schema.js'

/** Rows that go into one statement, well below what the databases take. */
const ROWS_AT_ONCE = 500
const LONGEST_CATEGORY = 64
const MOST_CATEGORIES = 64

/**
 * Keeps verdicts of third parties in one transaction, all or none. Safe to repeat. An event that is no verdict, or one
 * without a score, is passed over.
 *
 * @throws DatabaseError
 */
export async function keepVerdicts(
  database: Pick<Database, 'transact'>,
  events: readonly TaggerEvent[],
): Promise<void> {
  const rows = events.map(rowOf).filter((row) => row !== null)
  if (rows.length === 0) return
  await database.transact(async ({ queries }) => {
    for (const values of chunks(rows, ROWS_AT_ONCE)) {
      await queries
        .insertInto('ttp_verdict')
        .values([...values])
        .onConflict((conflict) => conflict.column('source_id').doNothing())
        .execute()
    }
  })
}

/** The verdicts on some attackers that are kept, superseded ones included, in the order of their times. */
export async function verdictsOn(
  queries: StorageQueries,
  attackers: readonly string[],
): Promise<readonly TaggerEvent[]> {
  const found: TaggerEvent[] = []
  for (const some of chunks(attackers, ROWS_AT_ONCE)) {
    const rows = await queries
      .selectFrom('ttp_verdict')
      .selectAll()
      .where('attacker_uuid', 'in', [...some])
      .orderBy('observed_at')
      .orderBy('source_id')
      .execute()
    found.push(...rows.map(eventOf))
  }
  return found
}

/** Whether an event is a verdict of a third party that can be kept. */
export function isVerdict(event: TaggerEvent): boolean {
  return event.sourceKind === 'intel' && rowOf(event) !== null
}

/**
 * Verdicts on attackers that have been seen which no worker has judged yet: of some attackers, or null of any.
 *
 * @param most how many at most
 */
export async function unjudgedVerdicts(
  queries: StorageQueries,
  attackers: readonly string[] | null,
  most: number,
): Promise<readonly TaggerEvent[]> {
  const query = queries
    .selectFrom('ttp_verdict')
    .innerJoin('ttp_attacker', 'ttp_attacker.attacker_uuid', 'ttp_verdict.attacker_uuid')
    .leftJoin('ttp_event', 'ttp_event.source_id', 'ttp_verdict.source_id')
    .selectAll('ttp_verdict')
    .where('ttp_event.source_id', 'is', null)
    .orderBy('ttp_verdict.observed_at')
    .orderBy('ttp_verdict.source_id')
    .limit(most)
  const found: TaggerEvent[] = []
  if (attackers === null) return (await query.execute()).map(eventOf)
  for (const some of chunks(attackers, ROWS_AT_ONCE)) {
    const rows = await query.where('ttp_verdict.attacker_uuid', 'in', [...some]).execute()
    found.push(...rows.map(eventOf))
  }
  return found
}

/** Those of some attackers that the database knows. */
export async function knownAttackers(
  queries: StorageQueries,
  attackers: readonly string[],
): Promise<readonly string[]> {
  const known: string[] = []
  for (const some of chunks(attackers, ROWS_AT_ONCE)) {
    const rows = await queries
      .selectFrom('ttp_attacker')
      .select('attacker_uuid')
      .where('attacker_uuid', 'in', [...some])
      .execute()
    known.push(...rows.map((row) => row.attacker_uuid))
  }
  return known
}

function rowOf({
  sourceKind,
  sourceId,
  attackerUuid,
  sourceIp,
  observedAt,
  payload,
}: TaggerEvent): VerdictTable | null {
  const { provider, scope, score, categories, family } = payload
  const classification = CLASSIFICATIONS.find((known) => known === payload.classification)
  if (sourceKind !== 'intel' || scope !== undefined || attackerUuid === null || !isProvider(provider)) return null
  if (classification === undefined || typeof score !== 'number' || !(score >= 0 && score <= 1)) return null
  return {
    source_id: sourceId,
    attacker_uuid: attackerUuid,
    address: sourceIp === null ? null : canonicalAddress(sourceIp),
    provider,
    classification,
    score,
    categories: JSON.stringify(categoriesOf(categories)),
    family: familyName(family) ?? null,
    observed_at: observedAt.toISOString(),
  }
}

/** Names alone, and a bounded number of them: whoever writes events may write anything. */
function categoriesOf(categories: unknown): readonly string[] {
  if (!Array.isArray(categories)) return []
  return categories
    .filter((category): category is string => typeof category === 'string' && category.length <= LONGEST_CATEGORY)
    .slice(0, MOST_CATEGORIES)
}

function eventOf(row: VerdictTable): TaggerEvent {
  return createEvent({
    sourceKind: 'intel',
    sourceId: row.source_id,
    attackerUuid: row.attacker_uuid,
    sourceIp: row.address,
    observedAt: new Date(row.observed_at),
    payload: {
      provider: row.provider,
      classification: row.classification,
      score: row.score,
      categories: JSON.parse(row.categories) as readonly string[],
      ...(row.family !== null && { family: row.family }),
    },
  })
}
