import type { Outcome } from '../events/tagger-event.js'
import type { Basis, Evidence, Tag } from '../tagging/tag.js'

/** A tag in the names of the `ttp_tag` table, plus `source_ip`. Times are ISO 8601 in UTC with milliseconds. */
export interface TagRow {
  readonly uuid: string
  readonly source_kind: string
  readonly source_id: string
  readonly attacker_uuid: string | null
  readonly identity_uuid: string | null
  readonly session_id: string | null
  readonly decky_id: string | null
  readonly source_ip: string | null
  readonly tactic: string
  readonly technique_id: string
  readonly sub_technique_id: string | null
  readonly confidence: number
  readonly rule_id: string
  readonly rule_version: number
  readonly basis: Basis
  readonly outcome: Outcome | null
  readonly evidence: Evidence
  readonly attack_release: string
  readonly observed_at: string
  /** When the tag was kept or written; null where that is not known. The one column that replay may change. */
  readonly created_at: string | null
}

/** The one mapping from a tag's names to those of columns and JSON. Key order is column order. */
export function tagRow(tag: Tag, createdAt: string | null): TagRow {
  return {
    uuid: tag.uuid,
    source_kind: tag.sourceKind,
    source_id: tag.sourceId,
    attacker_uuid: tag.attackerUuid,
    identity_uuid: tag.identityUuid,
    session_id: tag.sessionId,
    decky_id: tag.deckyId,
    source_ip: tag.sourceIp,
    tactic: tag.tactic,
    technique_id: tag.techniqueId,
    sub_technique_id: tag.subTechniqueId,
    confidence: tag.confidence,
    rule_id: tag.ruleId,
    rule_version: tag.ruleVersion,
    basis: tag.basis,
    outcome: tag.outcome,
    evidence: tag.evidence,
    attack_release: tag.attackRelease,
    observed_at: tag.observedAt.toISOString(),
    created_at: createdAt,
  }
}

/** The tag that a row was made from. */
export function tagFromRow(row: TagRow): Tag {
  return {
    uuid: row.uuid,
    sourceKind: row.source_kind,
    sourceId: row.source_id,
    attackerUuid: row.attacker_uuid,
    identityUuid: row.identity_uuid,
    sessionId: row.session_id,
    deckyId: row.decky_id,
    sourceIp: row.source_ip,
    tactic: row.tactic,
    techniqueId: row.technique_id,
    subTechniqueId: row.sub_technique_id,
    confidence: row.confidence,
    ruleId: row.rule_id,
    ruleVersion: row.rule_version,
    basis: row.basis,
    outcome: row.outcome,
    evidence: row.evidence,
    attackRelease: row.attack_release,
    observedAt: new Date(row.observed_at),
  }
}
