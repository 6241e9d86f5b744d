import type { EvidenceMatch } from '../events/source-kinds.js'
import { type Condition, leafHolds, leafViews, type PossibleLeaves } from './condition.js'
import type { EventFields, SegmentFields } from './event-fields.js'
import type { LeafTest } from './leaf-test.js'
import type { LeafNode, MatchNode } from './match-tree.js'

/** What every node of a condition answered for one event, for explanations and evidence. */
export interface Trace {
  readonly node: MatchNode
  readonly holds: boolean
  readonly parts: readonly Trace[]
  /** Where a text leaf that holds was found. */
  readonly match: EvidenceMatch | null
}

/**
 * Asks every node, without short cuts. For a `segment` node the parts are those of the segment that fits best.
 *
 * @param possible leaves that an index could not rule out; the others count as not holding without being asked
 */
export function traceCondition(
  condition: Condition,
  fields: EventFields,
  possible: PossibleLeaves | null = null,
): Trace {
  const numberOf = new Map<LeafNode, number>(condition.leafTests.map((test, number) => [test.leaf, number]))
  const trace = (node: MatchNode, segment: SegmentFields | null): Trace => {
    switch (node.kind) {
      case 'all':
      case 'any': {
        const parts = node.parts.map((part) => trace(part, segment))
        const holds = node.kind === 'all' ? parts.every(heldBy) : parts.some(heldBy)
        return { node, holds, parts, match: null }
      }
      case 'not': {
        const part = trace(node.part, segment)
        return { node, holds: !part.holds, parts: [part], match: null }
      }
      case 'segment': {
        const part = bestSegment(fields.segments, (candidate) => trace(node.part, candidate)) ?? trace(node.part, null)
        return { node, holds: part.holds && fields.segments.length > 0, parts: [part], match: null }
      }
      case 'leaf':
        return traceNumbered(node, segment)
    }
  }
  const traceNumbered = (leaf: LeafNode, segment: SegmentFields | null): Trace => {
    const number = numberOf.get(leaf)!
    if (possible !== null && possible.flags[possible.base + number] === 0) {
      return { node: leaf, holds: false, parts: [], match: null }
    }
    return traceLeaf(condition.leafTests[number]!, fields, segment)
  }
  return trace(condition.tree, null)
}

/** Where the condition held: the spans of all leaves that hold and are not negated, at most `limit`. */
export function matchesOf(trace: Trace, limit = 16): readonly EvidenceMatch[] {
  const matches: EvidenceMatch[] = []
  const seen = new Set<string>()
  const gather = (node: Trace): void => {
    if (!node.holds || node.node.kind === 'not' || matches.length >= limit) return
    if (node.match !== null) {
      const key = Object.values(node.match).join(' ')
      if (!seen.has(key)) matches.push(node.match)
      seen.add(key)
    }
    node.parts.forEach(gather)
  }
  gather(trace)
  return matches
}

function traceLeaf(test: LeafTest, fields: EventFields, segment: SegmentFields | null): Trace {
  const node = test.leaf
  const holds = leafHolds(test, fields, segment)
  return { node, holds, parts: [], match: holds ? firstMatch(test, fields, segment) : null }
}

function firstMatch(test: LeafTest, fields: EventFields, segment: SegmentFields | null): EvidenceMatch | null {
  for (const view of leafViews(test.leaf, fields, segment)) {
    const span = test.span(view)
    if (span === null) continue
    const field = test.leaf.inSegment ? `segment.${test.leaf.field}` : test.leaf.field
    return { field, view: view.name, segment: view.segment, start: span.start, end: span.end }
  }
  return null
}

function bestSegment(segments: readonly SegmentFields[], traceOn: (segment: SegmentFields) => Trace): Trace | null {
  let best: Trace | null = null
  for (const segment of segments) {
    const trace = traceOn(segment)
    if (trace.holds) return trace
    if (best === null || leavesHeld(trace) > leavesHeld(best)) best = trace
  }
  return best
}

function leavesHeld(trace: Trace): number {
  if (trace.node.kind === 'leaf') return trace.holds ? 1 : 0
  return trace.parts.reduce((sum, part) => sum + leavesHeld(part), 0)
}

function heldBy(trace: Trace): boolean {
  return trace.holds
}
