import type { EvidenceMatch } from '../events/source-kinds.js'
import { type Condition, leafHolds } from './condition.js'
import type { EventFields, SegmentFields } from './event-fields.js'
import { findLeafMatch } from './find-matches.js'
import type { LeafTest } from './leaf-test.js'
import type { MatchNode } from './match-tree.js'

/** What every node of a condition answered for one event, for explanations and evidence. */
export interface Trace {
  readonly node: MatchNode
  readonly holds: boolean
  readonly parts: readonly Trace[]
  /** Where a text leaf that holds was found. */
  readonly match: EvidenceMatch | null
}

/** Asks every node, without short cuts. For a `segment` node the parts are those of the segment that fits best. */
export function traceCondition(condition: Condition, fields: EventFields): Trace {
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
        return traceLeaf(condition.leafTests[condition.numberOf(node)]!, fields, segment)
    }
  }
  return trace(condition.tree, null)
}

function traceLeaf(test: LeafTest, fields: EventFields, segment: SegmentFields | null): Trace {
  const node = test.leaf
  const holds = leafHolds(test, fields, segment)
  return { node, holds, parts: [], match: holds ? findLeafMatch(test, fields, segment) : null }
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
