import type { Evidence } from '../tagging/tag.js'

/**
 * A function that writes evidence as JSON and keeps what it wrote as long as the evidence object lives: events with the
 * same text share theirs. The object must not change after it was first written.
 */
export function createEvidenceJson(): (evidence: Evidence) => string {
  const known = new WeakMap<Evidence, string>()
  return (evidence) => {
    let json = known.get(evidence)
    if (json === undefined) {
      json = JSON.stringify(evidence)
      known.set(evidence, json)
    }
    return json
  }
}
