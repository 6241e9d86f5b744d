import { contentHash } from '../../rules/content-hash.js'
import type { RuleState } from '../../rules/rule-state.js'
import { type RuleStateRow, ruleStateRow } from '../../rules/rule-state-row.js'
import type { DatabaseTransaction } from '../../storage/database.js'
import type { RuleChangeTable, RuleTable } from '../../storage/schema.js'
import { readStates } from './rule-reader.js'
import type { RuleRecord } from './rule-record.js'

/** The channel on which followers are woken. */
export const RULE_CHANNEL = 'ttp_rule_change'
/** The name of the log's counter. */
const SEQUENCE = 'ttp_rule_change'

type NewChange = Omit<RuleChangeTable, 'seq' | 'at' | 'by'>

/**
 * Writes rules and the log of their changes, inside one transaction. Writers wait for each other at the log's counter, so
 * the order of the log is the order of commits, and a follower that has seen a number has seen all before it. What changes
 * nothing leaves no entry.
 */
export class RuleWriter {
  readonly #transaction: DatabaseTransaction
  readonly #by: string
  readonly #now: Date
  #last: number

  private constructor(transaction: DatabaseTransaction, parts: { by: string; now: Date; last: number }) {
    this.#transaction = transaction
    this.#by = parts.by
    this.#now = parts.now
    this.#last = parts.last
  }

  /** Waits for its turn. */
  static async begin(transaction: DatabaseTransaction, by: string): Promise<RuleWriter> {
    // Written without being changed: that takes the row's lock on every database.
    const { last } = await transaction.queries
      .updateTable('ttp_sequence')
      .set((row) => ({ last: row.ref('last') }))
      .where('name', '=', SEQUENCE)
      .returning('last')
      .executeTakeFirstOrThrow()
    return new RuleWriter(transaction, { by, last, now: await transaction.now() })
  }

  /** The time of this transaction, by the database's clock. */
  get now(): Date {
    return this.#now
  }

  /** Inserts and updates definitions; answers how many were not there as they are. */
  async putRules(records: readonly RuleRecord[]): Promise<number> {
    if (records.length === 0) return 0
    const ids = records.map(({ ruleId }) => ruleId)
    const before = new Map((await this.#rulesOf(ids)).map((row) => [row.rule_id, row]))
    const rows = records
      .map((record) => this.#ruleRow(record))
      .filter((row) => !isSameRule(row, before.get(row.rule_id)))
    if (rows.length === 0) return 0
    await this.#transaction.queries
      .insertInto('ttp_rule')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('rule_id').doUpdateSet((row) => ({
          rule_version: row.ref('excluded.rule_version'),
          source_path: row.ref('excluded.source_path'),
          yaml_content: row.ref('excluded.yaml_content'),
          content_hash: row.ref('excluded.content_hash'),
          updated_at: row.ref('excluded.updated_at'),
          updated_by: row.ref('excluded.updated_by'),
        })),
      )
      .execute()
    await this.#append(
      rows.map((row) => ({
        rule_id: row.rule_id,
        kind: 'definition',
        before: jsonOrNull(before.get(row.rule_id)),
        after: JSON.stringify(row),
      })),
    )
    return rows.length
  }

  /** Deletes definitions; answers how many there were. Their states stay. */
  async removeRules(ruleIds: readonly string[]): Promise<number> {
    if (ruleIds.length === 0) return 0
    const before = await this.#rulesOf(ruleIds)
    await this.#transaction.queries.deleteFrom('ttp_rule').where('rule_id', 'in', ruleIds).execute()
    await this.#append(
      before.map((row) => ({ rule_id: row.rule_id, kind: 'removed', before: JSON.stringify(row), after: null })),
    )
    return before.length
  }

  /** Sets a state, or (null) takes it away. */
  async putState(ruleId: string, state: RuleState | null): Promise<void> {
    const { queries } = this.#transaction
    const before = await this.#stateOf(ruleId)
    if (state === null) {
      if (before === null) return
      await queries.deleteFrom('ttp_rule_state').where('rule_id', '=', ruleId).execute()
      return this.#append([{ rule_id: ruleId, kind: 'state', before: JSON.stringify(before), after: null }])
    }
    const row = ruleStateRow(ruleId, state)
    const { rule_id: _key, ...values } = row
    await queries
      .insertInto('ttp_rule_state')
      .values(row)
      .onConflict((conflict) => conflict.column('rule_id').doUpdateSet(values))
      .execute()
    return this.#append([{ rule_id: ruleId, kind: 'state', before: jsonOrNull(before), after: JSON.stringify(row) }])
  }

  /** Takes away those of some rules' states whose end has come. */
  async endStates(ruleIds: readonly string[]): Promise<void> {
    const { queries } = this.#transaction
    const now = this.#now.toISOString()
    const ended = (await readStates(queries, ruleIds)).filter((row) => row.expires_at !== null && row.expires_at <= now)
    if (ended.length === 0) return
    const endedIds = ended.map((row) => row.rule_id)
    await queries.deleteFrom('ttp_rule_state').where('rule_id', 'in', endedIds).execute()
    await this.#append(
      ended.map((row) => ({ rule_id: row.rule_id, kind: 'state', before: JSON.stringify(row), after: null })),
    )
  }

  async #stateOf(ruleId: string): Promise<RuleStateRow | null> {
    const [row] = await readStates(this.#transaction.queries, [ruleId])
    return row ?? null
  }

  #rulesOf(ruleIds: readonly string[]): Promise<RuleTable[]> {
    return this.#transaction.queries.selectFrom('ttp_rule').selectAll().where('rule_id', 'in', ruleIds).execute()
  }

  #ruleRow({ ruleId, ruleVersion, path, text }: RuleRecord): RuleTable {
    return {
      rule_id: ruleId,
      rule_version: ruleVersion,
      source_path: path,
      yaml_content: text,
      content_hash: contentHash(text),
      updated_at: this.#now.toISOString(),
      updated_by: this.#by,
    }
  }

  async #append(changes: readonly NewChange[]): Promise<void> {
    if (changes.length === 0) return
    const { queries } = this.#transaction
    const rows = changes.map((change) => ({
      ...change,
      seq: ++this.#last,
      at: this.#now.toISOString(),
      by: this.#by,
    }))
    await queries.insertInto('ttp_rule_change').values(rows).execute()
    await queries.updateTable('ttp_sequence').set({ last: this.#last }).where('name', '=', SEQUENCE).execute()
    this.#transaction.announce(RULE_CHANNEL)
  }
}

function isSameRule(row: RuleTable, before: RuleTable | undefined): boolean {
  return before !== undefined && before.content_hash === row.content_hash && before.source_path === row.source_path
}

function jsonOrNull(row: RuleTable | RuleStateRow | null | undefined): string | null {
  return row == null ? null : JSON.stringify(row)
}
