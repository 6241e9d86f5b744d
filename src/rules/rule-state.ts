/** The operator's knob on one rule. Never part of a rule file. */
export type RuleState = Readonly<{
  state: 'enabled' | 'disabled' | 'clipped'
  /** A ceiling, 0 to 1: min(base, ceiling). */
  confidenceMax: number | null
  /** Only where the operator asked for an end. */
  expiresAt: Date | null
  reason: string | null
  setBy: string | null
  setAt: Date | null
}>

/** What a rule without a state has: enabled, nothing set. */
export const DEFAULT_RULE_STATE: RuleState = Object.freeze({
  state: 'enabled',
  confidenceMax: null,
  expiresAt: null,
  reason: null,
  setBy: null,
  setAt: null,
})
