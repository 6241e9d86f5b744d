import type { z } from 'zod'

/** What the compiler must know of a lifter to check the rules that name it. */
export interface LifterSignature {
  readonly name: string
  readonly handles: ReadonlySet<string>
  /** Payload fields that it cannot do without, by source kind: where they are missing it can say nothing. */
  readonly inputs: Readonly<Record<string, readonly string[]>>
  /** Strict schema of the parameters that a rule may set beside `lifter:`. */
  readonly parameters: z.ZodObject
}
