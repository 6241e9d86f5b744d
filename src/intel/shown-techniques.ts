import { type Category, type Provider, providerTable } from './provider-tables.js'

/** What of a verdict is looked up. */
export interface JudgedVerdict {
  readonly provider: Provider
  /** Normalised, 0 to 1. */
  readonly score: number
  /** As the provider names them. */
  readonly categories: readonly string[]
}

/** A technique that a verdict speaks of. */
export interface ShownTechnique {
  /** The most specific id. */
  readonly id: string
  /** The category that bears it best, as the verdict names it. */
  readonly category: string
  /** The share of a rule's confidence that the category bears, 0 to 1, the score not counted. */
  readonly weight: number
  /** The malware family that the category stands for, if it does. */
  readonly family: string | undefined
}

/**
 * The techniques that the categories of a verdict stand for, each by the category that bears it best; the order of the
 * categories does not matter. A category that the provider's table does not know stands for nothing. A technique is left
 * out where one of its sub-techniques is borne no less.
 */
export function shownTechniques({ provider, score, categories }: JudgedVerdict): readonly ShownTechnique[] {
  const best = new Map<string, ShownTechnique>()
  for (const category of [...new Set(categories)].sort()) {
    for (const entry of entriesOf(provider, category)) {
      if (score < (entry.least_score ?? 0) || (entry.with !== undefined && !categories.includes(entry.with))) continue
      for (const [id, weight] of Object.entries(entry.techniques)) {
        if (weight > (best.get(id)?.weight ?? 0)) best.set(id, { id, category, weight, family: entry.family })
      }
    }
  }
  const shown = [...best.values()]
  return shown.filter(
    ({ id, weight }) => !shown.some((other) => other.id.startsWith(`${id}.`) && other.weight >= weight),
  )
}

/** The entries that name a category itself; where there are none, those for whatever ends as it does. */
function entriesOf(provider: Provider, category: string): readonly Category[] {
  const entries = providerTable(provider).categories
  const exact = entries.filter((entry) => entry.category === category)
  if (exact.length > 0) return exact
  const endings = entries.filter(
    (entry) => entry.category.startsWith('*') && category.endsWith(entry.category.slice(1)),
  )
  const longest = Math.max(...endings.map((entry) => entry.category.length))
  return endings.filter((entry) => entry.category.length === longest)
}
