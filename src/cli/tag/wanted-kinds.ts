import type { TagOutput } from './outputs/tag-output.js'

/** Source kinds that some output wants to hear of beside those that rules use; null for all. */
export function wantedKinds(outputs: readonly TagOutput[]): ReadonlySet<string> | null {
  const wanted = new Set<string>()
  for (const { sourceKinds } of outputs) {
    if (sourceKinds === null) return null
    for (const kind of sourceKinds) wanted.add(kind)
  }
  return wanted
}
