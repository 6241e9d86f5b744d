import { z } from 'zod'
import type { Observation } from '../tagging/lifter.js'

/** What a rule says of signs of which hardly one says anything alone. */
export interface Weights<Sign extends string> {
  readonly signs: Readonly<Partial<Record<Sign, number>>>
  readonly one_of?: readonly Sign[] | undefined
  readonly least: number
  readonly sure: number
  readonly needs?: Readonly<Record<string, readonly Sign[]>> | undefined
}

/** The parameters of a lifter that weighs the signs of a table. */
export function weightParameters<Sign extends string>(table: Readonly<Record<Sign, string>>) {
  const sign = z.enum(Object.keys(table) as [Sign, ...Sign[]])
  return z.strictObject({
    /** How much each sign weighs for the rule. */
    signs: z.partialRecord(sign, z.number().positive().max(10)),
    /** The rule says nothing unless one of these is there; left out, any of its signs will do. */
    one_of: z.array(sign).min(1).optional(),
    /** Weight below which the rule says nothing. */
    least: z.number().positive(),
    /** Weight from which the rule is as sure as it says; below, as much less sure as weight is missing. */
    sure: z.number().positive(),
    /** Signs that a technique of the rule needs, one of them, by its most specific id. */
    needs: z.record(z.string(), z.array(sign).min(1)).optional(),
  })
}

/** What signs amount to for a rule: an observation without its evidence, and the signs that it rests on. */
export interface Weighing<Sign extends string> extends Required<Omit<Observation, 'evidence' | 'others'>> {
  /** In the order of the rule; at least one. */
  readonly found: readonly Sign[]
}

/** Weighs the signs that are there by a rule; null where they do not bear it. */
export function weighSigns<Sign extends string>(
  present: ReadonlySet<Sign>,
  { signs, one_of, least, sure, needs = {} }: Weights<Sign>,
): Weighing<Sign> | null {
  if (one_of !== undefined && !one_of.some((one) => present.has(one))) return null
  const found = (Object.keys(signs) as Sign[]).filter((one) => present.has(one))
  const weight = found.reduce((sum, one) => sum + signs[one]!, 0)
  if (weight < least) return null
  return {
    found,
    multiplier: Math.min(1, weight / sure),
    supports: ({ techniqueId, subTechniqueId }) =>
      needs[subTechniqueId ?? techniqueId]?.some((one) => present.has(one)) ?? true,
  }
}
