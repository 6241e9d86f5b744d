import type { z } from 'zod'

/** What the compiler must know of a lifter to check the rules that name it. */
export interface LifterSignature {
  readonly name: string
  readonly handles: ReadonlySet<string>
  /** Strict schema of the parameters that a rule may set beside `lifter:`. */
  readonly parameters: z.ZodObject
}
