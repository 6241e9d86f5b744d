import type { View } from '../events/view.js'
import type { EventFields, SegmentFields } from './event-fields.js'
import { createLeafTest, type LeafTest } from './leaf-test.js'
import { isTextLeaf, isWholeText, type LeafNode, leavesOf, type MatchNode } from './match-tree.js'
import { requiredLiterals } from './required-literals.js'

/** What is known of a leaf before it is asked: holds nowhere in the event, may hold somewhere, is found somewhere. */
export const LEAF = { impossible: 0, possible: 1, present: 2 } as const

/** What an index knows of the leaves of a condition: `flags[base + n]` is of leaf n, one of the values of `LEAF`. */
export interface PossibleLeaves {
  readonly flags: Uint8Array
  readonly base: number
  /** Places in `flags` that were changed while the condition was asked. */
  readonly changed: number[]
}

interface Evaluation {
  readonly fields: EventFields
  /** Null where every leaf must be asked. */
  readonly possible: PossibleLeaves | null
}

type Predicate = (evaluation: Evaluation, segment: SegmentFields | null) => boolean

/** A rule's condition, compiled once into closures; asking it only calls them. */
export class Condition {
  readonly tree: MatchNode
  /** Every leaf with its test, left to right: the order that `PossibleLeaves` counts in. */
  readonly leafTests: readonly LeafTest[]
  readonly #numbers: ReadonlyMap<LeafNode, number>
  readonly #predicate: Predicate
  readonly #literals: (readonly string[] | null | undefined)[]

  /** @param literals what `requiredLiterals` answered for each leaf before, so that it need not be worked out again */
  constructor(tree: MatchNode, literals: readonly (readonly string[] | null)[] = []) {
    this.tree = tree
    this.leafTests = leavesOf(tree).map(createLeafTest)
    this.#literals = [...literals]
    this.#numbers = new Map(this.leafTests.map((test, number) => [test.leaf, number]))
    this.#predicate = compile(tree, (leaf) => compileLeaf(this.leafTests[this.numberOf(leaf)]!, this.numberOf(leaf)))
  }

  /** Place of one of the condition's leaves among `leafTests`. */
  numberOf(leaf: LeafNode): number {
    return this.#numbers.get(leaf)!
  }

  /** Texts of which one stands wherever a leaf holds, in lower case; null for a leaf without such. Worked out once. */
  requiredLiterals(number: number): readonly string[] | null {
    let literals = this.#literals[number]
    if (literals === undefined) {
      const { leaf } = this.leafTests[number]!
      literals = isTextLeaf(leaf) && !isWholeText(leaf) ? requiredLiterals(leaf) : null
      this.#literals[number] = literals
    }
    return literals
  }

  /** Whether the event satisfies the condition. */
  holds(fields: EventFields, possible: PossibleLeaves | null = null): boolean {
    return this.#predicate({ fields, possible }, null)
  }
}

/** The readings that a leaf looks at. */
export function leafViews(leaf: LeafNode, fields: EventFields, segment: SegmentFields | null): readonly View[] {
  if (!leaf.inSegment) return fields.views(leaf.field)
  return segment === null ? [] : segment.views(leaf.field)
}

/** Whether a leaf holds, asked of itself alone. */
export function leafHolds(test: LeafTest, fields: EventFields, segment: SegmentFields | null): boolean {
  const { leaf } = test
  if (leaf.operator === 'exists' && leaf.inSegment) {
    return leafViews(leaf, fields, segment).length > 0 === leaf.present
  }
  if (!isTextLeaf(leaf) && leaf.operator !== 'cidr') return test.holdsFor(fields)
  for (const view of leafViews(leaf, fields, segment)) if (test.holdsOn(view)) return true
  return false
}

function compile(node: MatchNode, compileLeaf: (leaf: LeafNode) => Predicate): Predicate {
  switch (node.kind) {
    case 'all': {
      const parts = inAskingOrder(node.parts).map((part) => compile(part, compileLeaf))
      return (evaluation, segment) => {
        for (const part of parts) if (!part(evaluation, segment)) return false
        return true
      }
    }
    case 'any': {
      const parts = node.parts.map((part) => compile(part, compileLeaf))
      return (evaluation, segment) => {
        for (const part of parts) if (part(evaluation, segment)) return true
        return false
      }
    }
    case 'not': {
      const part = compile(node.part, compileLeaf)
      return (evaluation, segment) => !part(evaluation, segment)
    }
    case 'segment': {
      const part = compile(node.part, compileLeaf)
      return (evaluation) => {
        for (const segment of evaluation.fields.segments) if (part(evaluation, segment)) return true
        return false
      }
    }
    case 'leaf':
      return compileLeaf(node)
  }
}

/** What an index can rule out comes first, what must be asked of the text whenever it is reached comes last. */
function inAskingOrder(parts: readonly MatchNode[]): readonly MatchNode[] {
  return [...parts].sort((a, b) => askingCost(a) - askingCost(b))
}

function askingCost(node: MatchNode): number {
  switch (node.kind) {
    case 'leaf':
      return isTextLeaf(node) && !isWholeText(node) ? 2 : 1
    case 'segment':
      return askingCost(node.part)
    case 'all':
      return Math.min(...node.parts.map(askingCost))
    case 'any':
      return 1 + Math.max(...node.parts.map(askingCost))
    case 'not':
      return 100 + askingCost(node.part)
  }
}

function compileLeaf(test: LeafTest, number: number): Predicate {
  return ({ fields, possible }, segment) => {
    if (possible !== null && !isPresent(test, possible, possible.base + number, fields)) return false
    return leafHolds(test, fields, segment)
  }
}

/** Asks a leaf once of all its views together, so that one answer spares asking them one by one for every segment. */
function isPresent(test: LeafTest, { flags, changed }: PossibleLeaves, place: number, fields: EventFields): boolean {
  if (flags[place] !== LEAF.possible) return flags[place] === LEAF.present
  const { leaf } = test
  const joined = test.spansViews ? fields.joinedViews(leaf.field, leaf.inSegment) : null
  const isFound = joined === null || test.holdsOn(joined)
  flags[place] = isFound ? LEAF.present : LEAF.impossible
  changed.push(place)
  return isFound
}
