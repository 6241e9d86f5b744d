import { type AttackFacts, type Domain, loadAttackFacts, type TechniqueRow } from './attack-facts.js'
import { parentIdOf, TACTIC_ID, tacticUrl, techniqueUrl } from './attack-ids.js'

export type TechniqueStatus = 'active' | 'revoked' | 'deprecated'

export interface Tactic {
  readonly id: string
  /** The name that Navigator layers and STIX kill-chain phases use: `initial-access`. */
  readonly shortname: string
  readonly name: string
  readonly domain: Domain
}

/** A technique or sub-technique. */
export interface Technique {
  readonly id: string
  readonly name: string
  /** Tactic ids in matrix order; those it last had, where it is retired. */
  readonly tactics: readonly string[]
  /** The technique that a sub-technique belongs to. */
  readonly parentId: string | null
  readonly platforms: readonly string[]
  readonly status: TechniqueStatus
  /** The active id that replaced a revoked one; null where there is none. */
  readonly successor: string | null
  readonly domain: Domain
}

/** The pinned ATT&CK release: Enterprise, and the few ICS techniques that honeypots show. Immutable. */
export class AttackCatalogue {
  readonly release: string
  /** Enterprise tactics in the order of the matrix, then the ICS ones in theirs. */
  readonly tactics: readonly Tactic[]
  /** All techniques and sub-techniques in id order, retired ones included. */
  readonly techniques: readonly Technique[]
  readonly #tactics: ReadonlyMap<string, Tactic>
  readonly #techniques: ReadonlyMap<string, Technique>

  constructor(facts: AttackFacts) {
    this.release = facts.release
    this.tactics = facts.tactics
    this.techniques = facts.techniques.map((row) => techniqueOf(row, facts))
    this.#tactics = new Map(this.tactics.map((tactic) => [tactic.id, tactic]))
    this.#techniques = new Map(this.techniques.map((technique) => [technique.id, technique]))
  }

  /** A technique or sub-technique, active or retired. */
  technique(id: string): Technique | undefined {
    return this.#techniques.get(id)
  }

  tactic(id: string): Tactic | undefined {
    return this.#tactics.get(id)
  }

  /** The parent of a sub-technique; undefined for a technique and for an unknown id. */
  parentOf(id: string): Technique | undefined {
    const parentId = this.#techniques.get(id)?.parentId
    return parentId == null ? undefined : this.#techniques.get(parentId)
  }

  /** Whether the release lists an active technique under a tactic. */
  holds(tacticId: string, techniqueId: string): boolean {
    const technique = this.#techniques.get(techniqueId)
    return technique?.status === 'active' && technique.tactics.includes(tacticId)
  }

  /** The page of a tactic, technique or sub-technique on attack.mitre.org. */
  url(id: string): string {
    return TACTIC_ID.test(id) ? tacticUrl(id) : techniqueUrl(id)
  }
}

function techniqueOf(row: TechniqueRow, facts: AttackFacts): Technique {
  const [id, name, tactics, platforms, status = 'active', successor = null] = row
  return {
    id,
    name,
    tactics: tactics.map((index) => facts.tactics[index]!.id),
    parentId: parentIdOf(id),
    platforms: platforms.map((index) => facts.platforms[index]!),
    status,
    successor,
    domain: facts.tactics[tactics[0]!]!.domain,
  }
}

let catalogue: AttackCatalogue | undefined

/** The catalogue of the bundled release, read on the first call: a process that never asks never pays. */
export function attackCatalogue(): AttackCatalogue {
  catalogue ??= new AttackCatalogue(loadAttackFacts())
  return catalogue
}
