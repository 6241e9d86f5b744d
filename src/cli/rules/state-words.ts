import type { RuleState } from '../../rules/rule-state.js'

/** `clipped to 0.5 until 2026-03-01T18:00:00.000Z, by ada at …: reason`; not yet safe to show. */
export function stateInWords({ state, confidenceMax, expiresAt, reason, setBy, setAt }: RuleState): string {
  const ceiling = confidenceMax === null ? '' : ` to ${confidenceMax}`
  const end = expiresAt === null ? '' : ` until ${expiresAt.toISOString()}`
  const who = setBy === null ? '' : `, by ${setBy}${setAt === null ? '' : ` at ${setAt.toISOString()}`}`
  return `${state}${ceiling}${end}${who}${reason === null ? '' : `: ${reason}`}`
}
