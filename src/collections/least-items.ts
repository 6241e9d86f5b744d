export interface LeastItemsOptions<Item> {
  /** Most items kept. */
  readonly limit: number
  /** A total order; zero only for items that are the same. */
  readonly compare: (one: Item, other: Item) => number
  /** Whether two neighbours of that order are one and the same observation, of which the first is kept. */
  readonly isSame: (one: Item, other: Item) => boolean
}

/**
 * Keeps the `limit` least of the distinct items that were ever added. What it holds follows from the set of items alone,
 * not from their order nor from how often one came, so that replayed and shuffled input gives the same.
 */
export class LeastItems<Item> {
  readonly #options: LeastItemsOptions<Item>
  #items: Item[]
  #isSettled = true
  #isCut: boolean

  /** @param kept what another one held, to go on from it */
  constructor(
    options: LeastItemsOptions<Item>,
    kept: { readonly items: readonly Item[]; readonly isCut: boolean } = EMPTY,
  ) {
    this.#options = options
    this.#items = [...kept.items]
    this.#isCut = kept.isCut
  }

  /** Whether more distinct items were added than are kept. */
  get isCut(): boolean {
    this.#settle()
    return this.#isCut
  }

  /** The items, least first. */
  get items(): readonly Item[] {
    this.#settle()
    return this.#items
  }

  /** How many are held at the moment, those that will turn out to be one counted apart. */
  get held(): number {
    return this.#items.length
  }

  /** Takes one more. Sorting waits until it pays, or until somebody asks. */
  add(item: Item): void {
    this.#items.push(item)
    this.#isSettled = this.#items.length === 1
    if (this.#items.length >= 2 * this.#options.limit) this.#settle()
  }

  #settle(): void {
    if (this.#isSettled) return
    this.#isSettled = true
    const { compare, isSame, limit } = this.#options
    this.#items.sort(compare)
    this.#items = this.#items.filter((item, index) => index === 0 || !isSame(this.#items[index - 1]!, item))
    if (this.#items.length <= limit) return
    this.#items.length = limit
    this.#isCut = true
  }
}

const EMPTY = { items: [], isCut: false }
