/** The phases of the Unified Kill Chain that something on a decoy can show. */
export type KillChainPhase =
  | 'reconnaissance'
  | 'resource development'
  | 'delivery'
  | 'execution'
  | 'persistence'
  | 'privilege escalation'
  | 'defense evasion'
  | 'credential access'
  | 'discovery'
  | 'lateral movement'
  | 'collection'
  | 'command and control'
  | 'exfiltration'
  | 'impact'

const PHASES: ReadonlyMap<string, KillChainPhase> = new Map([
  ['TA0043', 'reconnaissance'],
  ['TA0042', 'resource development'],
  ['TA0001', 'delivery'],
  ['TA0002', 'execution'],
  ['TA0003', 'persistence'],
  ['TA0004', 'privilege escalation'],
  ['TA0005', 'defense evasion'],
  ['TA0112', 'defense evasion'],
  ['TA0006', 'credential access'],
  ['TA0007', 'discovery'],
  ['TA0008', 'lateral movement'],
  ['TA0009', 'collection'],
  ['TA0011', 'command and control'],
  ['TA0010', 'exfiltration'],
  ['TA0040', 'impact'],
  ['TA0100', 'collection'],
  ['TA0102', 'discovery'],
  ['TA0105', 'impact'],
  ['TA0106', 'impact'],
])

/**
 * The Unified Kill Chain phase that a tactic belongs to: a view for readers, never stored. Lossy on purpose, since the
 * phases that a decoy cannot observe (weaponization, social engineering) have no tactic.
 */
export function killChainPhase(tacticId: string): KillChainPhase | undefined {
  return PHASES.get(tacticId)
}
