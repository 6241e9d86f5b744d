import { createRequire } from 'node:module'
import type { Node, Pair } from 'yaml'
import type { DocumentPath } from './parse-match.js'

/** A place in a text; both count from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/**
 * Finds where the value at a path stands in a YAML text; the nearest parent where the path leads nowhere. Parses the
 * text again with a parser that keeps positions: slow, so only for what is wrong.
 */
export function locatePath(text: string, path: DocumentPath): Place {
  const { LineCounter, parseDocument, isNode } = loadYaml()
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent' })
  let node: unknown = document.contents
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
  for (const step of path) {
    const found = stepInto(node, step)
    if (found === null) break
    node = found.value
    offset = found.offset ?? offset
  }
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

function stepInto(node: unknown, step: string | number): { value: unknown; offset: number | undefined } | null {
  const { isMap, isNode, isScalar, isSeq } = loadYaml()
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step) as
      | Pair<Node, Node>
      | undefined
    return pair ? { value: pair.value, offset: pair.key.range?.[0] } : null
  }
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step]
    return isNode(item) ? { value: item, offset: item.range?.[0] } : null
  }
  return null
}

/** Loaded when something is wrong: a start that goes well never pays for it. */
function loadYaml(): typeof import('yaml') {
  return createRequire(import.meta.url)('yaml') as typeof import('yaml')
}
