import type { RuleStateRow } from '../../rules/rule-state-row.js'
import type { RuleChangeTable, RuleTable, StorageQueries } from '../../storage/schema.js'
import type { HistoryQuery, RuleLogEntry } from '../rule-store.js'

/** Everything that is in force, and the number of the last change that it holds. */
export interface RuleSnapshot {
  readonly rules: readonly RuleTable[]
  readonly states: readonly RuleStateRow[]
  readonly seq: number
}

/** Reads everything, on one state of the database. */
export async function readSnapshot(queries: StorageQueries): Promise<RuleSnapshot> {
  const rules = await queries.selectFrom('ttp_rule').selectAll().orderBy('rule_id').execute()
  const states = await queries.selectFrom('ttp_rule_state').selectAll().execute()
  const { seq } = await queries
    .selectFrom('ttp_rule_change')
    .select((row) => row.fn.max('seq').as('seq'))
    .executeTakeFirstOrThrow()
  return { rules, states, seq: Number(seq ?? 0) }
}

/** The changes after a number, in order, at most `limit` of them. */
export function readChangesAfter(queries: StorageQueries, seq: number, limit: number): Promise<RuleChangeTable[]> {
  return queries.selectFrom('ttp_rule_change').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute()
}

/** The states of some rules. */
export async function readStates(queries: StorageQueries, ruleIds: readonly string[]): Promise<RuleStateRow[]> {
  if (ruleIds.length === 0) return []
  return queries.selectFrom('ttp_rule_state').selectAll().where('rule_id', 'in', ruleIds).execute()
}

/** Rules whose state has reached its end. */
export async function readEndedStates(queries: StorageQueries, now: Date): Promise<readonly string[]> {
  const rows = await queries
    .selectFrom('ttp_rule_state')
    .select('rule_id')
    .where('expires_at', 'is not', null)
    .where('expires_at', '<=', now.toISOString())
    .execute()
  return rows.map((row) => row.rule_id)
}

/** The latest changes, newest first. */
export async function readHistory(
  queries: StorageQueries,
  { ruleId, limit }: HistoryQuery,
): Promise<readonly RuleLogEntry[]> {
  const all = queries.selectFrom('ttp_rule_change').selectAll().orderBy('seq', 'desc').limit(limit)
  const rows = await (ruleId === undefined ? all : all.where('rule_id', '=', ruleId)).execute()
  return rows.map((row) => ({
    seq: row.seq,
    ruleId: row.rule_id,
    kind: row.kind,
    before: row.before === null ? null : JSON.parse(row.before),
    after: row.after === null ? null : JSON.parse(row.after),
    at: new Date(row.at),
    by: row.by,
  }))
}
