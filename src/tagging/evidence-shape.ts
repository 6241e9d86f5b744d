import { sourceKind } from '../events/source-kinds.js'
import type { Evidence } from './tag.js'

/** Evidence that its source kind does not allow: an error in a tagger, never in the telemetry. */
export class EvidenceShapeError extends Error {
  override readonly name = 'EvidenceShapeError'
}

/**
 * Checks evidence against the strict schema of its source kind.
 *
 * @throws EvidenceShapeError naming the tagger and the offending keys, never their values
 */
export function assertEvidenceShape(kind: string, evidence: Evidence, tagger: string): void {
  const schema = sourceKind(kind)?.evidence
  if (schema === undefined) throw new EvidenceShapeError(`${tagger}: source kind '${kind}' has no evidence schema`)
  const result = schema.safeParse(evidence)
  if (result.success) return
  const places = result.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue.path.join('.'),
  )
  throw new EvidenceShapeError(`${tagger}: evidence of '${kind}' does not fit its schema at ${places.join('; ')}`)
}
