/** A definition to be kept: whose it is, and the file that says it. */
export interface RuleRecord {
  readonly ruleId: string
  readonly ruleVersion: number
  /** Name of the file inside its folder: the same on every host. */
  readonly path: string
  readonly text: string
}
