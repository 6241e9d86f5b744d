import type { View } from '../events/view.js'
import type { EventFields, SegmentFields } from './event-fields.js'
import { createLeafTest, type LeafTest } from './leaf-test.js'
import { isTextLeaf, type LeafNode, leavesOf, type MatchNode } from './match-tree.js'

type Predicate = (fields: EventFields, segment: SegmentFields | null) => boolean

/** A rule's condition, compiled once into closures; asking it only calls them. */
export class Condition {
  readonly tree: MatchNode
  /** Every leaf with its test, left to right. */
  readonly leafTests: readonly LeafTest[]
  readonly #predicate: Predicate

  constructor(tree: MatchNode) {
    this.tree = tree
    this.leafTests = leavesOf(tree).map(createLeafTest)
    const testOf = new Map(this.leafTests.map((test) => [test.leaf, test]))
    this.#predicate = compile(tree, testOf)
  }

  /** Whether the event satisfies the condition. */
  holds(fields: EventFields): boolean {
    return this.#predicate(fields, null)
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

type LeafTests = ReadonlyMap<LeafNode, LeafTest>

function compile(node: MatchNode, tests: LeafTests): Predicate {
  switch (node.kind) {
    case 'all': {
      const parts = node.parts.map((part) => compile(part, tests))
      return (fields, segment) => parts.every((part) => part(fields, segment))
    }
    case 'any': {
      const parts = node.parts.map((part) => compile(part, tests))
      return (fields, segment) => parts.some((part) => part(fields, segment))
    }
    case 'not': {
      const part = compile(node.part, tests)
      return (fields, segment) => !part(fields, segment)
    }
    case 'segment': {
      const part = compile(node.part, tests)
      return (fields) => fields.segments.some((segment) => part(fields, segment))
    }
    case 'leaf': {
      const test = tests.get(node)!
      return (fields, segment) => leafHolds(test, fields, segment)
    }
  }
}
