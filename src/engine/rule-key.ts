import type { MatchNode, TextLeaf } from '../rules/match-tree.js'
import { isTextLeaf } from '../rules/match-tree.js'

/** Text leaves of which at least one must hold for the condition to hold. */
export type RuleKey = readonly TextLeaf[]

/**
 * The cheapest key of a condition, or null if it may hold while all its text leaves are false. Whole-text leaves are
 * found by one look-up, so a rule that names a program is reached by that name and asks the rest only then.
 */
export function ruleKey(tree: MatchNode): RuleKey | null {
  switch (tree.kind) {
    case 'all':
      return cheapest(tree.parts.map(ruleKey))
    case 'any':
      return union(tree.parts.map(ruleKey))
    case 'segment':
      return ruleKey(tree.part)
    case 'not':
      return null
    case 'leaf':
      return isTextLeaf(tree) ? [tree] : null
  }
}

/** Whether a leaf asks for the whole text, so that a look-up answers it. */
export function isWholeText(leaf: TextLeaf): boolean {
  return leaf.operator === 'equals' || leaf.operator === 'one_of'
}

function cheapest(keys: readonly (RuleKey | null)[]): RuleKey | null {
  let best: RuleKey | null = null
  for (const key of keys) if (key !== null && (best === null || cost(key) < cost(best))) best = key
  return best
}

function union(keys: readonly (RuleKey | null)[]): RuleKey | null {
  const leaves: TextLeaf[] = []
  for (const key of keys) {
    if (key === null) return null
    leaves.push(...key)
  }
  return leaves
}

/** What looking for a leaf costs: a look-up, a literal among patterns, or a pattern that keeps many states alive. */
function cost(key: RuleKey): number {
  return key.reduce((sum, leaf) => sum + (isWholeText(leaf) ? 1 : leaf.operator === 'pattern' ? 40 : 20), 0)
}
