import RE2 from 're2'
import type { PatternLeaf } from './match-tree.js'
import type { PatternOperator } from './operators.js'
import { isPlainPattern } from './plain-pattern.js'

/**
 * RE2 source that holds exactly where the operator does, for the multi-line mode: there `^` and `$` of a rule's pattern
 * are the edges of a line. Case is up to the caller.
 */
export function textOperatorSource(operator: PatternOperator, values: readonly string[]): string {
  if (operator === 'pattern') return alternation(values)
  const literals = alternation(values.map(escapeLiteral))
  switch (operator) {
    case 'contains':
      return literals
    case 'starts_with':
      return `\\A${literals}`
    case 'ends_with':
      return `${literals}\\z`
  }
}

/** Whether a leaf speaks of the edges of the whole text, so that it must be asked of each text by itself. */
export function asksForTextEdges({ operator, values }: PatternLeaf): boolean {
  if (operator !== 'pattern') return operator !== 'contains'
  return values.some((pattern) => /\\[Az]|\(\?[a-zA-Z]*-/.test(pattern))
}

function alternation(sources: readonly string[]): string {
  return `(?:${sources.map((source) => `(?:${source})`).join('|')})`
}

const NOT_LITERAL = /[^\p{L}\p{N}_]/gu

function escapeLiteral(text: string): string {
  return text.replace(NOT_LITERAL, (character) => `\\x{${character.codePointAt(0)!.toString(16)}}`)
}

/** Why the patterns of a list cannot be used together as one, though each could alone; null where they can. */
export function patternListProblem(patterns: readonly string[]): PatternProblem | null {
  const size = patterns.reduce((sum, pattern) => sum + pattern.length, 0)
  if (size < SMALL_LIST && patterns.every(isPlainPattern)) return null
  try {
    new RE2(textOperatorSource('pattern', patterns), 'im')
    return null
  } catch (error) {
    return {
      message: `the patterns cannot be compiled together: ${(error as Error).message}`,
      remedy: 'Give each a leaf of its own: `any: [leaf, leaf]`.',
    }
  }
}

/** Below this, in characters, plain patterns are far from the budget of RE2 also together. */
const SMALL_LIST = 4000

export interface PatternProblem {
  readonly message: string
  readonly remedy: string
}

/** Why a pattern cannot be used, or null. */
export function patternProblem(pattern: string): PatternProblem | null {
  if (isPlainPattern(pattern)) return null
  if (/\(\?<?[=!]/.test(pattern)) {
    return {
      message: 'the pattern has a lookaround, which RE2 does not know',
      remedy: 'Say it with a second leaf: `all: [leaf, not: leaf]`, or match the neighbouring text itself.',
    }
  }
  try {
    new RE2(pattern, 'im')
    return null
  } catch (error) {
    return {
      message: `the pattern is not valid RE2: ${(error as Error).message}`,
      remedy: 'RE2 has no backreferences and no lookaround; see the syntax page of RE2.',
    }
  }
}
