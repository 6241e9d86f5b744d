import { DEFAULT_RULE_STATE, type RuleState } from './rule-state.js'

/** A rule's state in the names of its table, of messages and of JSON. Times are ISO 8601 in UTC. */
export interface RuleStateRow {
  rule_id: string
  state: RuleState['state']
  confidence_max: number | null
  expires_at: string | null
  reason: string | null
  set_by: string | null
  set_at: string | null
}

/** The one mapping from a state's names to those of columns and JSON. */
export function ruleStateRow(ruleId: string, state: RuleState): RuleStateRow {
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

/** The state that a row keeps, frozen; the default where there is none. */
export function ruleStateOfRow(row: RuleStateRow | null): RuleState {
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
