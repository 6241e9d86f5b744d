/** How sure the least count that counts is, as a share of how sure many are. */
const LEAST_STRENGTH = 0.8

/**
 * How far a count bears a statement: 0.8 at `least`, growing evenly to 1 at `sure` and beyond; null below `least`, where
 * it does not.
 */
export function strength(
  count: number,
  { least, sure }: { readonly least: number; readonly sure: number },
): number | null {
  if (count < least) return null
  if (sure <= least || count >= sure) return 1
  return LEAST_STRENGTH + ((1 - LEAST_STRENGTH) * (count - least)) / (sure - least)
}
