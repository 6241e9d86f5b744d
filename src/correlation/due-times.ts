/** How finely times are told apart, in milliseconds. */
const SLOT = 60_000

/** Tells what is due: each thing at the earliest time that was named for it. */
export class DueTimes<Item> {
  readonly #slots = new Map<number, Set<Item>>()
  readonly #slotOf = new Map<Item, number>()
  #first = Number.POSITIVE_INFINITY

  /** Things that are waited for. */
  get size(): number {
    return this.#slotOf.size
  }

  /** @param time in milliseconds since 1970; the thing is told at most a minute after it */
  add(item: Item, time: number): void {
    const slot = Math.floor(time / SLOT) + 1
    const known = this.#slotOf.get(item)
    if (known !== undefined) {
      if (known <= slot) return
      this.delete(item)
    }
    this.#slotOf.set(item, slot)
    const items = this.#slots.get(slot)
    if (items === undefined) this.#slots.set(slot, new Set([item]))
    else items.add(item)
    if (slot < this.#first) this.#first = slot
  }

  delete(item: Item): void {
    const slot = this.#slotOf.get(item)
    if (slot === undefined) return
    this.#slotOf.delete(item)
    const items = this.#slots.get(slot)!
    items.delete(item)
    if (items.size === 0) this.#slots.delete(slot)
  }

  /** Takes out everything that is due by then. */
  takeUntil(time: number): readonly Item[] {
    const slot = Math.floor(time / SLOT)
    if (this.#first > slot) return []
    const due: Item[] = []
    let first = Number.POSITIVE_INFINITY
    for (const [key, items] of this.#slots) {
      if (key > slot) {
        first = Math.min(first, key)
        continue
      }
      this.#slots.delete(key)
      for (const item of items) {
        this.#slotOf.delete(item)
        due.push(item)
      }
    }
    this.#first = first
    return due
  }
}
