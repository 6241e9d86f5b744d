import type { NumberOperator, PatternOperator, WholeTextOperator } from './operators.js'

/** The condition of a rule, checked and ready to compile. */
export type MatchNode = AllNode | AnyNode | NotNode | SegmentNode | LeafNode

export interface AllNode {
  readonly kind: 'all'
  readonly parts: readonly MatchNode[]
}

export interface AnyNode {
  readonly kind: 'any'
  readonly parts: readonly MatchNode[]
}

export interface NotNode {
  readonly kind: 'not'
  readonly part: MatchNode
}

/** Holds if one and the same segment of the command satisfies the part. */
export interface SegmentNode {
  readonly kind: 'segment'
  readonly part: MatchNode
}

export type LeafNode = TextLeaf | NumberLeaf | BooleanLeaf | PresenceLeaf | NetworkLeaf

interface LeafPlace {
  readonly kind: 'leaf'
  readonly field: string
  /** Whether the field is one of a segment's. */
  readonly inSegment: boolean
}

export type TextLeaf = PatternLeaf | WholeTextLeaf

export interface PatternLeaf extends LeafPlace {
  readonly operator: PatternOperator
  readonly values: readonly string[]
  readonly cased: boolean
}

export interface WholeTextLeaf extends LeafPlace {
  readonly operator: WholeTextOperator
  readonly values: readonly string[]
  readonly cased: boolean
}

export interface NumberLeaf extends LeafPlace {
  readonly operator: NumberOperator
  readonly bound: number
}

/** `equals: true` on a boolean field. */
export interface BooleanLeaf extends LeafPlace {
  readonly operator: 'is'
  readonly value: boolean
}

export interface PresenceLeaf extends LeafPlace {
  readonly operator: 'exists'
  readonly present: boolean
}

export interface NetworkLeaf extends LeafPlace {
  readonly operator: 'cidr'
  readonly networks: readonly string[]
}

export function isTextLeaf(leaf: LeafNode): leaf is TextLeaf {
  return 'values' in leaf
}

/** Whether a text leaf asks for the whole text, so that a look-up answers it. */
export function isWholeText(leaf: TextLeaf): leaf is WholeTextLeaf {
  return leaf.operator === 'equals' || leaf.operator === 'one_of'
}

/** Every leaf of the tree, left to right. */
export function leavesOf(node: MatchNode): readonly LeafNode[] {
  switch (node.kind) {
    case 'all':
    case 'any':
      return node.parts.flatMap(leavesOf)
    case 'not':
    case 'segment':
      return leavesOf(node.part)
    case 'leaf':
      return [node]
  }
}
