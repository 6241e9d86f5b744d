import { attackCatalogue } from './attack-catalogue.js'
import { loadAttackFacts } from './attack-facts.js'

/**
 * What became of an id of an earlier release.
 * - `same`: it still stands, and `id` is it.
 * - `translated`: exactly one id has replaced it, and `id` is that one.
 * - `deprecated`: the pinned release has nothing in its place; `id` is the old one.
 * - `unknown`: that release did not have it, or is newer than the pinned one; `id` is what was asked for.
 */
export interface Translation {
  readonly kind: 'same' | 'translated' | 'deprecated' | 'unknown'
  readonly id: string
}

/**
 * Translates a technique or sub-technique id into the pinned release. ATT&CK never gives an id a second meaning,
 * so the retired ids of the pinned release serve every earlier one.
 *
 * @param fromRelease the release that the id was written for: `enterprise-18.1`
 */
export function translateTechnique(id: string, fromRelease: string): Translation {
  const catalogue = attackCatalogue()
  const technique = catalogue.technique(id)
  if (technique === undefined || !existedIn(id, fromRelease)) return { kind: 'unknown', id }
  if (technique.status === 'active') return { kind: 'same', id }
  return technique.successor === null ? { kind: 'deprecated', id } : { kind: 'translated', id: technique.successor }
}

/**
 * Translates the tactic under which an earlier release's technique was named. Release 19 split Defense Evasion: TA0005
 * lives on as Stealth, and what breaks defences went to TA0112. So the technique decides which of the two is meant.
 *
 * @param techniqueId the technique as that release knew it, not yet translated
 */
export function translateTactic(tacticId: string, fromRelease: string, techniqueId: string): Translation {
  const technique = translateTechnique(techniqueId, fromRelease)
  const catalogue = attackCatalogue()
  if (technique.kind === 'unknown' || !existedIn(tacticId, fromRelease)) return { kind: 'unknown', id: tacticId }
  if (catalogue.holds(tacticId, technique.id)) return { kind: 'same', id: tacticId }
  const inherited = precedesSplit(fromRelease) ? (SPLIT_TACTICS[tacticId] ?? []) : []
  const successors = inherited.filter((candidate) => catalogue.holds(candidate, technique.id))
  if (successors.length === 1) return { kind: 'translated', id: successors[0]! }
  return { kind: wasHeld(tacticId, techniqueId) ? 'deprecated' : 'unknown', id: tacticId }
}

/** Tactics that a former tactic was split into, besides the one that kept its id. */
const SPLIT_TACTICS: Readonly<Record<string, readonly string[]>> = { TA0005: ['TA0112'] }
const SPLIT_RELEASE = 19

function precedesSplit(release: string): boolean {
  return (versionOf(release) ?? SPLIT_RELEASE) < SPLIT_RELEASE
}

/** Whether `fromRelease` is one that we can read, and had the id. */
function existedIn(id: string, fromRelease: string): boolean {
  const catalogue = attackCatalogue()
  const from = versionOf(fromRelease)
  if (from === undefined || from > versionOf(catalogue.release)!) return false
  const isKnown = catalogue.tactic(id) !== undefined || catalogue.technique(id) !== undefined
  return isKnown && !(from < SPLIT_RELEASE && newerIds().has(id))
}

/** Whether the technique was listed under the tactic before the pinned release changed that. */
function wasHeld(tacticId: string, techniqueId: string): boolean {
  const before = loadAttackFacts().earlier.tactics[techniqueId] ?? attackCatalogue().technique(techniqueId)?.tactics
  return before?.includes(tacticId) ?? false
}

/** The version in `enterprise-18.1` or `ics-18`, as a number; undefined for anything else. */
function versionOf(release: string): number | undefined {
  const version = /^(?:enterprise|ics)-v?(\d{1,3}(?:\.\d{1,3})?)$/.exec(release)?.[1]
  return version === undefined ? undefined : Number(version)
}

let absent: ReadonlySet<string> | undefined

/** Ids that came with the pinned release, tactics included. */
function newerIds(): ReadonlySet<string> {
  absent ??= new Set([...loadAttackFacts().earlier.absent, ...Object.values(SPLIT_TACTICS).flat()])
  return absent
}
