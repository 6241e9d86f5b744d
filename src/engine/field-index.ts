import type { View } from '../events/view.js'
import type { EventFields } from '../rules/event-fields.js'
import { foldCase } from '../rules/fold-case.js'
import { LiteralScanner } from './literal-scanner.js'

/** What can be looked for on one field: whole texts by one look-up a view, literals by one pass over its characters. */
export class FieldIndex {
  readonly #field: string
  readonly #inSegment: boolean
  readonly #leavesOfText = new Map<string, number[]>()
  readonly #leavesOfLiteral = new Map<string, number[]>()
  #scanner: LiteralScanner | undefined
  #leavesByNumber: readonly (readonly number[])[] = []

  constructor(field: string, inSegment: boolean) {
    this.#field = field
    this.#inSegment = inSegment
  }

  /** Lets whole texts, compared without case, speak for a leaf. */
  addWholeTexts(texts: readonly string[], leaf: number): void {
    for (const text of texts) addTo(this.#leavesOfText, foldCase(text), leaf)
  }

  /** Lets literals anywhere in the text speak for a leaf. */
  addLiterals(literals: readonly string[], leaf: number): void {
    for (const literal of literals) addTo(this.#leavesOfLiteral, literal, leaf)
    this.#scanner = undefined
  }

  /** Calls `onLeaf` with the number of each leaf that something on the event's views speaks for; repeats are possible. */
  look(fields: EventFields, onLeaf: (leaf: number) => void): void {
    if (!this.#inSegment) this.#lookIn(fields.views(this.#field), onLeaf)
    else for (const segment of fields.segments) this.#lookIn(segment.views(this.#field), onLeaf)
  }

  #lookIn(views: readonly View[], onLeaf: (leaf: number) => void): void {
    for (const { text } of views) {
      if (this.#leavesOfText.size > 0) {
        const leaves = this.#leavesOfText.get(foldCase(text))
        if (leaves !== undefined) for (const leaf of leaves) onLeaf(leaf)
      }
      if (this.#leavesOfLiteral.size === 0) continue
      this.#scanner ??= this.#createScanner()
      this.#scanner.scan(text, (literal) => {
        for (const leaf of this.#leavesByNumber[literal]!) onLeaf(leaf)
      })
    }
  }

  #createScanner(): LiteralScanner {
    this.#leavesByNumber = [...this.#leavesOfLiteral.values()]
    return new LiteralScanner([...this.#leavesOfLiteral.keys()])
  }
}

function addTo(map: Map<string, number[]>, key: string, leaf: number): void {
  const leaves = map.get(key)
  if (leaves === undefined) map.set(key, [leaf])
  else leaves.push(leaf)
}
