import type { View } from '../events/view.js'
import type { Segment } from '../shell/command-views.js'
import { type EventFields, segmentViews } from './event-fields.js'
import { createLeafTest, type LeafTest } from './leaf-test.js'
import { isTextLeaf, type LeafNode, leavesOf, type MatchNode } from './match-tree.js'

/**
 * Which text leaves an index could not rule out: `flags[base + n]` is 0 if leaf n of the condition surely holds nowhere
 * in the event. Without it every leaf is asked.
 */
export interface PossibleLeaves {
  readonly flags: Uint8Array
  readonly base: number
}

interface Evaluation {
  readonly fields: EventFields
  readonly possible: PossibleLeaves | null
}

type Predicate = (evaluation: Evaluation, segment: Segment | null) => boolean

/** A rule's condition, compiled once into closures; asking it only calls them. */
export class Condition {
  readonly tree: MatchNode
  /** Every leaf with its test, left to right; the order that `PossibleLeaves` counts in. */
  readonly leafTests: readonly LeafTest[]
  /** True if the condition cannot hold while all its text leaves are false, so an index may pass it over. */
  readonly needsText: boolean
  readonly #predicate: Predicate

  constructor(tree: MatchNode) {
    this.tree = tree
    this.leafTests = leavesOf(tree).map(createLeafTest)
    this.needsText = !mayHoldWithoutText(tree)
    this.#predicate = compile(tree, { tests: this.leafTests, next: 0 })
  }

  /** Whether the event satisfies the condition. */
  holds(fields: EventFields, possible: PossibleLeaves | null = null): boolean {
    return this.#predicate({ fields, possible }, null)
  }
}

/** The readings that a leaf looks at. */
export function leafViews(leaf: LeafNode, fields: EventFields, segment: Segment | null): readonly View[] {
  if (!leaf.inSegment) return fields.views(leaf.field)
  return segment === null ? [] : segmentViews(segment, leaf.field)
}

/** Whether a leaf holds, asked of itself alone. */
export function leafHolds(test: LeafTest, fields: EventFields, segment: Segment | null): boolean {
  const { leaf } = test
  if (leaf.operator === 'exists' && leaf.inSegment) {
    return leafViews(leaf, fields, segment).length > 0 === leaf.present
  }
  if (!isTextLeaf(leaf) && leaf.operator !== 'cidr') return test.holdsFor(fields)
  for (const view of leafViews(leaf, fields, segment)) if (test.holdsOn(view)) return true
  return false
}

/** Hands out leaf numbers in the order in which `leavesOf` lists them. */
interface LeafCounter {
  readonly tests: readonly LeafTest[]
  next: number
}

function compile(node: MatchNode, counter: LeafCounter): Predicate {
  switch (node.kind) {
    case 'all': {
      const parts = node.parts.map((part) => compile(part, counter))
      return (evaluation, segment) => parts.every((part) => part(evaluation, segment))
    }
    case 'any': {
      const parts = node.parts.map((part) => compile(part, counter))
      return (evaluation, segment) => parts.some((part) => part(evaluation, segment))
    }
    case 'not': {
      const part = compile(node.part, counter)
      return (evaluation, segment) => !part(evaluation, segment)
    }
    case 'segment': {
      const part = compile(node.part, counter)
      return (evaluation) => evaluation.fields.segments.some((segment) => part(evaluation, segment))
    }
    case 'leaf':
      return compileLeaf(counter)
  }
}

function compileLeaf(counter: LeafCounter): Predicate {
  const number = counter.next++
  const test = counter.tests[number]!
  if (!isTextLeaf(test.leaf)) return ({ fields }, segment) => leafHolds(test, fields, segment)
  return ({ fields, possible }, segment) => {
    if (possible !== null && possible.flags[possible.base + number] === 0) return false
    return leafHolds(test, fields, segment)
  }
}

function mayHoldWithoutText(node: MatchNode): boolean {
  switch (node.kind) {
    case 'all':
      return node.parts.every(mayHoldWithoutText)
    case 'any':
      return node.parts.some(mayHoldWithoutText)
    case 'segment':
      return mayHoldWithoutText(node.part)
    case 'not':
      return true
    case 'leaf':
      return !isTextLeaf(node)
  }
}
