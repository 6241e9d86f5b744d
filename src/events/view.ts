/**
 * One reading of a field's text. A field that attackers can disguise has several: as typed and with the disguise
 * taken off. A pattern on the field holds if it holds on any one of them.
 */
export interface View {
  /** Which reading: `typed`, `plain`, `segment`, `decoded` for commands; `raw`, `folded` for requests and plain fields. */
  readonly name: string
  /** Index of the command segment that the text belongs to, or null. */
  readonly segment: number | null
  readonly text: string
}
