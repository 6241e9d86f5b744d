/** Below this a tag is dropped. */
export const CONFIDENCE_FLOOR = 0.3

const STEPS = 1_000_000

/** What readers see unless they ask for more. */
export const DEFAULT_MIN_CONFIDENCE = 0.6

/**
 * The confidence of one tag: base × multiplier, never above base, then the operator's ceiling, to six decimal places.
 * Answers null where it falls below the floor and the tag must be dropped.
 */
export function settleConfidence(base: number, multiplier: number, ceiling: number | null): number | null {
  const scaled = Math.round(base * Math.max(multiplier, 0) * STEPS) / STEPS
  const settled = Math.min(base, scaled, ceiling ?? 1)
  return settled >= CONFIDENCE_FLOOR ? settled : null
}
