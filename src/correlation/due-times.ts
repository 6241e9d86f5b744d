/** How finely times are told apart, in milliseconds. */
const SLOT = 60_000

/** Tells what is due: things under the time from which they have to be looked at. */
export class DueTimes<Item> {
  readonly #slots = new Map<number, Set<Item>>()
  #first = Number.POSITIVE_INFINITY

  /** @param time in milliseconds since 1970; the thing is told at most a minute after it */
  add(item: Item, time: number): void {
    const slot = Math.floor(time / SLOT) + 1
    const items = this.#slots.get(slot)
    if (items === undefined) this.#slots.set(slot, new Set([item]))
    else items.add(item)
    if (slot < this.#first) this.#first = slot
  }

  /** Takes out everything that is due by then. */
  takeUntil(time: number): readonly Item[] {
    const slot = Math.floor(time / SLOT)
    if (this.#first > slot) return []
    const due: Item[] = []
    for (const [key, items] of this.#slots) {
      if (key > slot) continue
      this.#slots.delete(key)
      due.push(...items)
    }
    this.#first = Math.min(Number.POSITIVE_INFINITY, ...this.#slots.keys())
    return due
  }
}
