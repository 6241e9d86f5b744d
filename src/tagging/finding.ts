import { ICS_RELEASE, isIcsTechnique } from '../attack/attack-ids.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { CompiledRule, Emission } from '../rules/compiled-rule.js'
import type { OwnAddresses } from '../text/own-addresses.js'
import { settleConfidence } from './confidence.js'
import type { Basis, Evidence, Tag } from './tag.js'
import { encodeRulePart, tagUuidOf } from './tag-id.js'

/** What a rule saw in an event, before it becomes tags. Depends on the event's content alone, so it may be kept. */
export interface Finding {
  readonly rule: CompiledRule
  readonly evidence: Evidence
  readonly basis: Basis
  readonly statements: readonly Statement[]
}

/** One technique of a finding, with its settled confidence. */
interface Statement {
  readonly emission: Emission
  readonly confidence: number
  readonly rulePart: string
}

export interface FindingDetails {
  readonly evidence: Evidence
  readonly basis: Basis
  /** Scales every confidence down; depends on the event alone. */
  readonly multiplier: number
  /** The emissions that the observation supports; null for all. */
  readonly emissions: readonly Emission[] | null
}

/** Settles what a rule states of what it saw: state, ceiling and floor included. Null if nothing is left to say. */
export function createFinding(rule: CompiledRule, details: FindingDetails): Finding | null {
  if (rule.state.state === 'disabled') return null
  const ceiling = rule.state.state === 'clipped' ? rule.state.confidenceMax : null
  const statements: Statement[] = []
  for (const emission of details.emissions ?? rule.emissions) {
    const confidence = settleConfidence(emission.confidence, details.multiplier, ceiling)
    if (confidence !== null) statements.push({ emission, confidence, rulePart: rulePartOf(rule, emission) })
  }
  if (statements.length === 0) return null
  return { rule, evidence: details.evidence, basis: details.basis, statements }
}

/** What all tags of a tagger share. */
export interface TagSettings {
  /** Of Enterprise; the techniques of ICS have a release of their own. */
  readonly attackRelease: string
  /** Where the decky or the attacker is one of these, the tag does not say which. */
  readonly ownAddresses: OwnAddresses
}

/** Adds the tags that a finding makes for one event. */
export function appendTags(tags: Tag[], event: TaggerEvent, finding: Finding, settings: TagSettings): void {
  const { rule, evidence, basis } = finding
  const { attackRelease, ownAddresses } = settings
  const deckyId = maskOrNull(event.deckyId, ownAddresses)
  const sourceIp = maskOrNull(event.sourceIp, ownAddresses)
  for (const { emission, confidence, rulePart } of finding.statements) {
    tags.push({
      uuid: tagUuidOf(event.sourceKind, event.sourceId, rulePart),
      sourceKind: event.sourceKind,
      sourceId: event.sourceId,
      attackerUuid: event.attackerUuid,
      identityUuid: event.identityUuid,
      sessionId: event.sessionId,
      deckyId,
      sourceIp,
      tactic: emission.tactic,
      techniqueId: emission.techniqueId,
      subTechniqueId: emission.subTechniqueId,
      confidence,
      ruleId: rule.ruleId,
      ruleVersion: rule.ruleVersion,
      basis,
      outcome: event.outcome,
      evidence,
      attackRelease: isIcsTechnique(emission.techniqueId) ? ICS_RELEASE : attackRelease,
      observedAt: event.observedAt,
    })
  }
}

function maskOrNull(text: string | null, own: OwnAddresses): string | null {
  return text === null || own.isEmpty ? text : own.mask(text)
}

function rulePartOf(rule: CompiledRule, emission: Emission): string {
  const { ruleId, ruleVersion } = rule
  const { techniqueId, subTechniqueId } = emission
  return encodeRulePart({ ruleId, ruleVersion, techniqueId, subTechniqueId })
}
