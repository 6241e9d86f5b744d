/** Something that takes memory and can be let go. */
export interface Holding {
  /** Reckoned memory in bytes. */
  bytes: number
}

interface Account<Item extends Holding> {
  bytes: number
  readonly holdings: Set<Item>
}

/**
 * Keeps the memory of all holdings under a cap, charged to the deckies that brought them. Where the cap is reached the
 * decky with the most gives up its oldest, so that a flood on one takes nothing from the others.
 */
export class MemoryLedger<Item extends Holding> {
  readonly #cap: number
  readonly #accounts = new Map<string | null, Account<Item>>()
  #bytes = 0

  /** @param cap in bytes */
  constructor(cap: number) {
    this.#cap = cap
  }

  /** Reckoned memory of all holdings. */
  get bytes(): number {
    return this.#bytes
  }

  get isOver(): boolean {
    return this.#bytes > this.#cap
  }

  open(deckyId: string | null, holding: Item): void {
    let account = this.#accounts.get(deckyId)
    if (account === undefined) {
      account = { bytes: 0, holdings: new Set() }
      this.#accounts.set(deckyId, account)
    }
    account.holdings.add(holding)
    this.charge(deckyId, holding.bytes)
  }

  /** Books what a holding has grown or shrunk by, in bytes. */
  charge(deckyId: string | null, bytes: number): void {
    this.#accounts.get(deckyId)!.bytes += bytes
    this.#bytes += bytes
  }

  close(deckyId: string | null, holding: Item): void {
    const account = this.#accounts.get(deckyId)
    if (account?.holdings.delete(holding) !== true) return
    this.charge(deckyId, -holding.bytes)
    if (account.holdings.size === 0) this.#accounts.delete(deckyId)
  }

  /** What has to go first: the oldest holding of the decky that has the most. */
  first(): Item | undefined {
    let heaviest: Account<Item> | undefined
    for (const account of this.#accounts.values()) {
      if (heaviest === undefined || account.bytes > heaviest.bytes) heaviest = account
    }
    return heaviest?.holdings.values().next().value
  }
}
