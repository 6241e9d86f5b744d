/** The middle of some numbers, or null of none. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const ordered = values.toSorted((one, other) => one - other)
  const middle = ordered.length >> 1
  return ordered.length % 2 === 1 ? ordered[middle]! : (ordered[middle - 1]! + ordered[middle]!) / 2
}

/** The distances between neighbours of an ascending list. */
export function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((time, index) => time - times[index]!)
}

/** Most times of an ascending list that lie within one span, both ends included. */
export function mostWithin(times: readonly number[], span: number): number {
  let most = 0
  let first = 0
  for (let last = 0; last < times.length; last++) {
    while (times[last]! - times[first]! > span) first++
    most = Math.max(most, last - first + 1)
  }
  return most
}

/** Most different values under one key; 0 where there is no item. */
export function largestGroup<Item, Key, Value>(
  items: Iterable<Item>,
  keyOf: (item: Item) => Key,
  detailOf: (item: Item) => Value,
): number {
  const groups = new Map<Key, Set<Value>>()
  let largest = 0
  for (const item of items) {
    const key = keyOf(item)
    let group = groups.get(key)
    if (group === undefined) {
      group = new Set()
      groups.set(key, group)
    }
    group.add(detailOf(item))
    largest = Math.max(largest, group.size)
  }
  return largest
}

/** To whole milliseconds, from a number of milliseconds: seconds as payloads give them. */
export function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000
}
