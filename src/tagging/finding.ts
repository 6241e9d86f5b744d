import { ICS_RELEASE, isIcsTechnique } from '../attack/attack-ids.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import { count } from '../observability/metrics.js'
import type { RecordedSpan } from '../observability/tracing.js'
import type { CompiledRule, Emission } from '../rules/compiled-rule.js'
import type { OwnAddresses } from '../text/own-addresses.js'
import { settleConfidence } from './confidence.js'
import { type Basis, type Evidence, mostSpecificId, type Tag } from './tag.js'
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

/** Counts statements that a rule made of an event and that became no tag, since their confidence was below the floor. */
export function countDropped(statements: number): void {
  if (statements > 0) count('ttp.tag.dropped', { reason: 'below_floor' }, statements)
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
  /** The span of the tagger, where it is recorded. */
  readonly span: RecordedSpan | undefined
}

/** Adds the tags that what one rule found makes for one event; within a span of its own where the tagger has one. */
export function fireRule(tags: Tag[], event: TaggerEvent, findings: FindingsOfRule, settings: TagSettings): void {
  if (settings.span !== undefined) fireWithin(settings.span, { tags, event, findings, settings })
  else for (const finding of findings) appendTags(tags, event, finding, settings)
}

/** What one rule found in an event, something at least. */
type FindingsOfRule = readonly [Finding, ...Finding[]]

interface Firing {
  readonly tags: Tag[]
  readonly event: TaggerEvent
  readonly findings: FindingsOfRule
  readonly settings: TagSettings
}

/** Apart from `fireRule`: a closure in there would cost every tag that nobody traces. */
function fireWithin(parent: RecordedSpan, { tags, event, findings, settings }: Firing): void {
  parent.within('ttp.rule.fire', (span) => {
    const before = tags.length
    for (const finding of findings) appendTags(tags, event, finding, settings)
    const { ruleId, ruleVersion } = findings[0].rule
    const techniques = tags.slice(before).map(mostSpecificId)
    span.describe({ 'ttp.rule.id': ruleId, 'ttp.rule.version': ruleVersion, 'ttp.technique.ids': techniques })
  })
}

function appendTags(tags: Tag[], event: TaggerEvent, finding: Finding, settings: TagSettings): void {
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
