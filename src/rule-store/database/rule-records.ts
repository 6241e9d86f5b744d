import { DEFAULT_RULE_STATE, type RuleState } from '../../rules/rule-state.js'
import type { RuleStateTable, RuleTable } from '../../storage/schema.js'

/** A definition to be kept: whose it is, and the file that says it. */
export interface RuleRecord {
  readonly ruleId: string
  readonly ruleVersion: number
  /** Name of the file inside its folder: the same on every host. */
  readonly path: string
  readonly text: string
}

export type RuleRow = RuleTable

/** The state that a row keeps; the default where there is none. */
export function stateOfRow(row: RuleStateTable | null): RuleState {
  if (row === null) return DEFAULT_RULE_STATE
  return Object.freeze({
    state: row.state,
    confidenceMax: row.confidence_max,
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
    reason: row.reason,
    setBy: row.set_by,
    setAt: row.set_at === null ? null : new Date(row.set_at),
  })
}

/** The row that keeps a state. */
export function rowOfState(ruleId: string, state: RuleState): RuleStateTable {
  return {
    rule_id: ruleId,
    state: state.state,
    confidence_max: state.confidenceMax,
    expires_at: state.expiresAt?.toISOString() ?? null,
    reason: state.reason,
    set_by: state.setBy,
    set_at: state.setAt?.toISOString() ?? null,
  }
}
