import type { RuleDocument } from './rule-document.js'

/** What was worked out of a rule text. Samples are left out. */
export interface CheckedDocument {
  readonly document: RuleDocument
  /** The required literals of each leaf of its condition. */
  readonly literals: readonly (readonly string[] | null)[]
}
