import type { EvidenceMatch } from '../../events/source-kinds.js'

/** What one rule wants quoted. */
export interface Quotation {
  readonly matches: readonly EvidenceMatch[]
  /** Whether the rule lets evidence quote a payload field. */
  may(field: string): boolean
}
