/** The operator's knob on one rule. Of a rule that has none set, a rule file says only whether it is disabled. */
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

/** What a rule without a state has, unless its file disables it: enabled, nothing set. */
export const DEFAULT_RULE_STATE: RuleState = Object.freeze({
  state: 'enabled',
  confidenceMax: null,
  expiresAt: null,
  reason: null,
  setBy: null,
  setAt: null,
})

/** What a rule has until an operator sets a state, and again when that ends or is cleared. */
export function initialRuleState(disabledBecause: string | undefined): RuleState {
  if (disabledBecause === undefined) return DEFAULT_RULE_STATE
  return Object.freeze({ ...DEFAULT_RULE_STATE, state: 'disabled', reason: disabledBecause })
}

/** A state that cannot be kept; the message says what is wrong with it. */
export class RuleStateError extends Error {
  override readonly name = 'RuleStateError'
}

/** Longest reason and longest name of a person, in characters. */
export const LONGEST_REASON = 1000

/**
 * The state, frozen, if it makes sense.
 *
 * @throws RuleStateError
 */
export function checkedRuleState(state: RuleState): RuleState {
  const { confidenceMax, expiresAt, setAt } = state
  if (!['enabled', 'disabled', 'clipped'].includes(state.state))
    throw new RuleStateError(`unknown state '${state.state}': a rule is enabled, disabled or clipped`)
  if (state.state === 'clipped' && confidenceMax === null)
    throw new RuleStateError('a clipped rule needs a ceiling: confidence_max from 0 to 1')
  if (state.state !== 'clipped' && confidenceMax !== null)
    throw new RuleStateError('only a clipped rule has a ceiling (confidence_max)')
  if (confidenceMax !== null && !(confidenceMax >= 0 && confidenceMax <= 1))
    throw new RuleStateError('the ceiling (confidence_max) lies between 0 and 1')
  for (const time of [expiresAt, setAt]) {
    if (time !== null && Number.isNaN(time.getTime())) throw new RuleStateError('a time of the state is no date')
  }
  for (const text of [state.reason, state.setBy]) checkText(text)
  return Object.freeze({ ...state })
}

function checkText(text: string | null): void {
  if (text === null) return
  if (text.length > LONGEST_REASON) throw new RuleStateError(`a reason has at most ${LONGEST_REASON} characters`)
  if (text.includes('\0')) throw new RuleStateError('a reason cannot hold the character NUL')
}

/** Whether a state's end has come: it means nothing any more. */
export function hasEnded(state: RuleState, now: Date): boolean {
  return state.expiresAt !== null && state.expiresAt <= now
}

/** Whether two states say the same in every part. */
export function sameRuleState(left: RuleState, right: RuleState): boolean {
  return (
    left.state === right.state &&
    left.confidenceMax === right.confidenceMax &&
    left.expiresAt?.getTime() === right.expiresAt?.getTime() &&
    left.reason === right.reason &&
    left.setBy === right.setBy &&
    left.setAt?.getTime() === right.setAt?.getTime()
  )
}
