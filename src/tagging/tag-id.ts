import { unambiguous } from '../events/unambiguous.js'
import { uuidNamespace, uuidV5 } from '../events/uuid.js'

/** Changing it changes the id of every tag ever stored, so it never changes. */
const TAG_NAMESPACE = uuidNamespace('6c2f7a1e-3b7d-5c58-9d0e-0f4f6d1c9a03')

/** The statement that a tag makes. Exactly this makes its id; nothing else may enter. */
export interface TagStatement {
  readonly sourceKind: string
  readonly sourceId: string
  readonly ruleId: string
  readonly ruleVersion: number
  readonly techniqueId: string
  readonly subTechniqueId: string | null
}

/** The id of a tag: UUIDv5 of its statement, in an encoding in which no two statements look alike. */
export function computeTagUuid(statement: TagStatement): string {
  return tagUuidOf(statement.sourceKind, statement.sourceId, encodeRulePart(statement))
}

/** The part of a statement that a rule's emission fixes, so that it need not be encoded again for every event. */
export function encodeRulePart(part: Omit<TagStatement, 'sourceKind' | 'sourceId'>): string {
  const { ruleId, ruleVersion, techniqueId, subTechniqueId } = part
  return `${unambiguous(ruleId)}${unambiguous(ruleVersion)}${unambiguous(techniqueId)}${unambiguous(subTechniqueId)}`
}

/** `computeTagUuid` with the rule's part already encoded. */
export function tagUuidOf(sourceKind: string, sourceId: string, rulePart: string): string {
  return uuidV5(TAG_NAMESPACE, unambiguous(sourceKind) + unambiguous(sourceId) + rulePart)
}
