import type { EvidenceMatch } from '../events/source-kinds.js'
import { type Condition, LEAF, leafHolds, leafViews, type PossibleLeaves } from './condition.js'
import type { EventFields, SegmentFields } from './event-fields.js'
import type { LeafTest } from './leaf-test.js'
import { isTextLeaf, type LeafNode, type MatchNode } from './match-tree.js'

/** Most places that one finding names. */
const MAX_MATCHES = 16

/**
 * Where a condition holds: a place for each text leaf that its holding rests on, negated ones left out. Of an `any` the
 * first part that holds speaks, of a `segment` the first segment. Empty where the condition does not hold.
 *
 * @param possible leaves that an index could not rule out; the others are not asked
 */
export function findMatches(
  condition: Condition,
  fields: EventFields,
  possible: PossibleLeaves | null = null,
): readonly EvidenceMatch[] {
  const matches = new MatchFinder(condition, fields, possible).find(condition.tree, null) ?? []
  return matches.length > 1 ? distinct(matches).slice(0, MAX_MATCHES) : matches
}

/** Fields that name what was done to a text, and stand nowhere in it. */
const PLACELESS: ReadonlySet<string> = new Set(['obfuscation', 'encodings'])

const NO_MATCHES: readonly EvidenceMatch[] = Object.freeze([])

class MatchFinder {
  readonly #condition: Condition
  readonly #fields: EventFields
  readonly #possible: PossibleLeaves | null

  constructor(condition: Condition, fields: EventFields, possible: PossibleLeaves | null) {
    this.#condition = condition
    this.#fields = fields
    this.#possible = possible
  }

  /** The places that a node's holding rests on; null where it does not hold. */
  find(node: MatchNode, segment: SegmentFields | null): readonly EvidenceMatch[] | null {
    switch (node.kind) {
      case 'all':
        return this.#findAll(node.parts, segment)
      case 'any':
        return first(node.parts, (part) => this.find(part, segment))
      case 'not':
        return this.find(node.part, segment) === null ? NO_MATCHES : null
      case 'segment':
        return first(this.#fields.segments, (candidate) => this.find(node.part, candidate))
      case 'leaf':
        return this.#findLeaf(node, segment)
    }
  }

  #findAll(parts: readonly MatchNode[], segment: SegmentFields | null): readonly EvidenceMatch[] | null {
    const all: EvidenceMatch[] = []
    for (const part of parts) {
      const matches = this.find(part, segment)
      if (matches === null) return null
      all.push(...matches)
    }
    return all
  }

  #findLeaf(leaf: LeafNode, segment: SegmentFields | null): readonly EvidenceMatch[] | null {
    const number = this.#condition.numberOf(leaf)
    const possible = this.#possible
    if (possible !== null && possible.flags[possible.base + number] === LEAF.impossible) return null
    const test = this.#condition.leafTests[number]!
    if (!isTextLeaf(leaf)) return leafHolds(test, this.#fields, segment) ? NO_MATCHES : null
    const match = findLeafMatch(test, this.#fields, segment)
    if (match === null) return null
    return PLACELESS.has(leaf.field) ? NO_MATCHES : [match]
  }
}

/** Where a text leaf holds: the first view in which it is found. */
export function findLeafMatch(
  test: LeafTest,
  fields: EventFields,
  segment: SegmentFields | null,
): EvidenceMatch | null {
  for (const view of leafViews(test.leaf, fields, segment)) {
    const span = test.span(view)
    if (span === null) continue
    const field = test.leaf.inSegment ? `segment.${test.leaf.field}` : test.leaf.field
    return { field, view: view.name, segment: view.segment, start: span.start, end: span.end }
  }
  return null
}

function first<T, R>(candidates: readonly T[], ask: (candidate: T) => R | null): R | null {
  for (const candidate of candidates) {
    const answer = ask(candidate)
    if (answer !== null) return answer
  }
  return null
}

function distinct(matches: readonly EvidenceMatch[]): readonly EvidenceMatch[] {
  return matches.filter((match, at) => !matches.slice(0, at).some((earlier) => isSame(earlier, match)))
}

function isSame(a: EvidenceMatch, b: EvidenceMatch): boolean {
  return a.field === b.field && a.view === b.view && a.segment === b.segment && a.start === b.start && a.end === b.end
}
