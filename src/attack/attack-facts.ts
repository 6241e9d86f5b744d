import { createRequire } from 'node:module'
import { packagePath } from '../config/package-path.js'

export type Domain = 'enterprise' | 'ics'

/** One line of the technique table: id, name, tactic indexes, platform indexes, and for a retired id why and what replaced it. */
export type TechniqueRow = readonly [
  id: string,
  name: string,
  tactics: readonly number[],
  platforms: readonly number[],
  status?: 'revoked' | 'deprecated',
  successor?: string | null,
]

/** The shape of `data/attack/enterprise-*.json`, which `scripts/build-attack-facts.mjs` writes. */
export interface AttackFacts {
  readonly licence: string
  readonly release: string
  readonly platforms: readonly string[]
  readonly tactics: readonly Readonly<{ id: string; shortname: string; name: string; domain: Domain }>[]
  readonly techniques: readonly TechniqueRow[]
  /** What the release before the pinned one had otherwise. */
  readonly earlier: Readonly<{
    release: string
    /** Ids that the earlier release did not have. */
    absent: readonly string[]
    /** Tactics of each technique whose tactics have changed since. */
    tactics: Readonly<Record<string, readonly string[]>>
  }>
}

/** Reads the pinned facts. The module loader keeps them, so a second call costs nothing. */
export function loadAttackFacts(): AttackFacts {
  return createRequire(import.meta.url)(packagePath('data', 'attack', 'enterprise-19.1.json')) as AttackFacts
}
