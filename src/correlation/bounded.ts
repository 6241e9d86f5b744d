/**
 * The items in order, each once: where items are the same and differ in what ids leave out, the least of them.
 *
 * @param compare a total order in which items with one number are neighbours
 */
export function distinctInOrder<Item extends { readonly id: number }>(
  items: readonly Item[],
  compare: (one: Item, other: Item) => number,
): Item[] {
  if (areDistinctInOrder(items, compare)) return [...items]
  const ordered = items.toSorted(compare)
  return ordered.filter((item, index) => index === 0 || ordered[index - 1]!.id !== item.id)
}

/** Mostly they come so, and looking costs less than sorting. */
function areDistinctInOrder<Item extends { readonly id: number }>(
  items: readonly Item[],
  compare: (one: Item, other: Item) => number,
): boolean {
  for (let index = 1; index < items.length; index++) {
    const [before, item] = [items[index - 1]!, items[index]!]
    if (before.id === item.id || compare(before, item) > 0) return false
  }
  return true
}

/** The items under their keys, which ascend. */
export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => number): ReadonlyMap<number, Item[]> {
  const groups = new Map<number, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups.size < 2 ? groups : new Map([...groups].sort(([one], [other]) => one - other))
}

/**
 * Any fixed order of things with one number. They differ in what ids leave out, a secret or how an event was told, if at
 * all; so this is asked for seldom, and may take its time.
 */
export function byContent(one: unknown, other: unknown): number {
  if (one === other) return 0
  const [left, right] = [JSON.stringify(one), JSON.stringify(other)]
  return left < right ? -1 : left > right ? 1 : 0
}
