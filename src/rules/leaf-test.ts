import { BlockList, isIPv4, isIPv6 } from 'node:net'
import RE2 from 're2'
import type { View } from '../events/view.js'
import type { EventFields } from './event-fields.js'
import { foldCase } from './fold-case.js'
import {
  isTextLeaf,
  isWholeText,
  type LeafNode,
  type PatternLeaf,
  type TextLeaf,
  type WholeTextLeaf,
} from './match-tree.js'
import { NUMBER_COMPARISONS } from './operators.js'
import { asksForTextEdges, textOperatorSource } from './text-pattern.js'

/** Where a text leaf held: byte offsets in the view, end exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A leaf made ready to be asked. One answer for views, one for the event's values; a leaf uses one of the two. */
export interface LeafTest {
  readonly leaf: LeafNode
  /** Whether the leaf, where it holds on a view, holds on any text that has the view as a line. */
  readonly spansViews: boolean
  /** Whether one reading of the field satisfies a text or network leaf. */
  holdsOn(view: View): boolean
  /** Whether the event as a whole satisfies a number, boolean or presence leaf. */
  holdsFor(fields: EventFields): boolean
  /** Where a text leaf holds in a view, from a pass of its own; null where it does not. */
  span(view: View): Span | null
}

export function createLeafTest(leaf: LeafNode): LeafTest {
  if (isTextLeaf(leaf)) return isWholeText(leaf) ? new WholeTextTest(leaf) : new PatternTest(leaf)
  return {
    leaf,
    spansViews: false,
    holdsOn: leaf.operator === 'cidr' ? networkTest(leaf.networks) : () => false,
    holdsFor: valueTest(leaf),
    span: () => null,
  }
}

/** Compares whole texts, which needs no pattern. */
class WholeTextTest implements LeafTest {
  readonly leaf: WholeTextLeaf
  readonly spansViews = false
  readonly #values: ReadonlySet<string>

  constructor(leaf: WholeTextLeaf) {
    this.leaf = leaf
    this.#values = new Set(leaf.cased ? leaf.values : leaf.values.map(foldCase))
  }

  holdsOn(view: View): boolean {
    return this.#values.has(this.leaf.cased ? view.text : foldCase(view.text))
  }

  holdsFor(): boolean {
    return false
  }

  span(view: View): Span | null {
    return this.holdsOn(view) ? { start: 0, end: Buffer.byteLength(view.text) } : null
  }
}

/** Compiles its pattern when it is first asked: the index rules most leaves out before that. */
class PatternTest implements LeafTest {
  readonly leaf: PatternLeaf
  readonly spansViews: boolean
  #pattern: RE2 | undefined

  constructor(leaf: PatternLeaf) {
    this.leaf = leaf
    this.spansViews = !asksForTextEdges(leaf)
  }

  holdsOn(view: View): boolean {
    return this.#compiled().test(view.text)
  }

  holdsFor(): boolean {
    return false
  }

  span(view: View): Span | null {
    const found = this.#compiled().exec(view.text)
    if (found === null) return null
    const start = Buffer.byteLength(view.text.slice(0, found.index))
    return { start, end: start + Buffer.byteLength(found[0]) }
  }

  #compiled(): RE2 {
    this.#pattern ??= new RE2(textOperatorSource(this.leaf.operator, this.leaf.values), this.leaf.cased ? 'm' : 'im')
    return this.#pattern
  }
}

function valueTest(leaf: Exclude<LeafNode, TextLeaf>): (fields: EventFields) => boolean {
  switch (leaf.operator) {
    case 'exists':
      return (fields) => fields.has(leaf.field) === leaf.present
    case 'is':
      return (fields) => fields.value(leaf.field) === leaf.value
    case 'cidr':
      return () => false
    default: {
      const compare = NUMBER_COMPARISONS[leaf.operator]
      return (fields) => {
        const value = fields.value(leaf.field)
        return typeof value === 'number' && compare(value, leaf.bound)
      }
    }
  }
}

function networkTest(networks: readonly string[]): (view: View) => boolean {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix = ''] = network.split('/')
    list.addSubnet(address, Number(prefix), isIPv6(address) ? 'ipv6' : 'ipv4')
  }
  return ({ text }) => (isIPv4(text) ? list.check(text, 'ipv4') : isIPv6(text) && list.check(text, 'ipv6'))
}
