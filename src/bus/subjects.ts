import { subjectToken } from './subject-token.js'

/**
 * The subjects of the bus, each made here and nowhere else; `subject-table.ts` describes them. Functions throw
 * `SubjectError` where a part cannot be one token: a subject made from a value never becomes a pattern or a deeper level.
 */

export const ATTACKER_SESSION_ENDED = 'attacker.session.ended'
export const ATTACKER_OBSERVED = 'attacker.observed'
export const ATTACKER_INTEL_ENRICHED = 'attacker.intel.enriched'
export const ATTACKER_FINGERPRINTED = 'attacker.fingerprinted'
export const IDENTITY_FORMED = 'identity.formed'
export const IDENTITY_MERGED = 'identity.merged'
export const CREDENTIAL_REUSE_DETECTED = 'credential.reuse.detected'
export const EMAIL_RECEIVED = 'email.received'
export const TTP_TAGGED = 'ttp.tagged'
export const TTP_RULE_SUPPRESSED = 'ttp.rule.suppressed'

/** What happened to a canary token, such as `triggered`. */
export function canary(happening: string): string {
  return `canary.${subjectToken(happening, 'happening')}`
}

/** Everything that happens to canary tokens. */
export function canaries(): string {
  return 'canary.>'
}

/** Raw events of every source kind. */
export function ttpEvents(): string {
  return 'ttp.event.*'
}

/** A raw event of a source kind. */
export function ttpEvent(sourceKind: string): string {
  return `ttp.event.${subjectToken(sourceKind, 'source kind')}`
}

/** A rule has a new definition, or is gone. */
export function ruleReloaded(ruleId: string): string {
  return `ttp.rule.reloaded.${subjectToken(ruleId, 'rule id')}`
}

/** An operator changed a rule's state, or the state ended. */
export function ruleState(ruleId: string): string {
  return `ttp.rule.state.${subjectToken(ruleId, 'rule id')}`
}

/** The token of a rejected file whose rule id cannot be read. */
export const UNKNOWN_RULE = 'unknown'

/** A rule file was refused; null where its rule id cannot be read. */
export function ruleRejected(ruleId: string | null): string {
  return `ttp.rule.rejected.${subjectToken(ruleId ?? UNKNOWN_RULE, 'rule id')}`
}

/** A technique was seen. A sub-technique goes under its parent, since its own id holds a dot: `T1110`, not `T1110.001`. */
export function ruleFired(techniqueId: string): string {
  return `ttp.rule.fired.${subjectToken(techniqueId, "technique id (a sub-technique's parent)")}`
}

export function systemHealth(worker: string): string {
  return `system.${subjectToken(worker, 'worker name')}.health`
}

export function systemControl(worker: string): string {
  return `system.${subjectToken(worker, 'worker name')}.control`
}

const DEAD_LETTER = 'deadletter.'

/** Where a message of that subject goes when no consumer could handle it. */
export function deadLetter(subject: string): string {
  return DEAD_LETTER + subject
}

export function isDeadLetter(subject: string): boolean {
  return subject.startsWith(DEAD_LETTER)
}
