import type { LeafNode, MatchNode } from '../rules/match-tree.js'

/** Leaves of a condition of which at least one must be possible for it to hold. */
export type RuleKey = readonly LeafNode[]

/**
 * The cheapest key of a condition, or null if it may hold while all leaves that `costOf` knows are false: an event always
 * asks such a rule.
 *
 * @param costOf what it costs to have a leaf reach a rule, or null for a leaf that cannot
 */
export function ruleKey(tree: MatchNode, costOf: (leaf: LeafNode) => number | null): RuleKey | null {
  const costOfKey = (key: RuleKey) => key.reduce((sum, leaf) => sum + costOf(leaf)!, 0)
  const keyOf = (node: MatchNode): RuleKey | null => {
    switch (node.kind) {
      case 'all':
        return node.parts
          .map(keyOf)
          .filter((key) => key !== null)
          .reduce<RuleKey | null>((best, key) => (best === null || costOfKey(key) < costOfKey(best) ? key : best), null)
      case 'any': {
        const keys = node.parts.map(keyOf)
        return keys.includes(null) ? null : keys.flatMap((key) => key ?? [])
      }
      case 'segment':
        return keyOf(node.part)
      case 'not':
        return null
      case 'leaf':
        return costOf(node) === null ? null : [node]
    }
  }
  return keyOf(tree)
}
