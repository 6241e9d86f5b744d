export interface BatcherOptions<Item> {
  /** Keeps a batch, all or none. */
  readonly keep: (items: readonly Item[]) => Promise<void>
  readonly sizeOf: (item: Item) => number
  /** Whether one item of a batch may be what keeps it from being kept: then each half is tried by itself. */
  readonly mayBePoison: (error: unknown) => boolean
  /** How long the first item of a batch waits for others, in milliseconds; 10 unless set. */
  readonly linger?: number
  /** Size of a full batch. One item may be larger. */
  readonly fullSize?: number
  /** Batches that are being kept at once; 2 unless set. */
  readonly mostAtOnce?: number
}

interface Waiting<Item> {
  readonly item: Item
  readonly settle: (error: unknown) => void
}

/** Nothing went wrong. */
const KEPT = Symbol('kept')

/**
 * Gathers what comes from many sides into batches. Items are taken in the order in which they came; whoever adds one waits
 * until it is kept, so nobody runs ahead of what can be kept.
 */
export class Batcher<Item> {
  readonly #options: Required<BatcherOptions<Item>>
  #waiting: Waiting<Item>[] = []
  #size = 0
  #running = 0
  #timer: NodeJS.Timeout | undefined
  #isDue = false
  #tellIdle: () => void = () => {}

  constructor(options: BatcherOptions<Item>) {
    this.#options = { linger: 10, fullSize: 2000, mostAtOnce: 2, ...options }
  }

  /** Resolves when the item is kept; rejects with what kept it from that. */
  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, settle: (error) => (error === KEPT ? resolve() : reject(error)) })
      this.#size += this.#options.sizeOf(item)
      this.#pump()
    })
  }

  /** Resolves when everything that was added is kept, or is known not to be. */
  async drain(): Promise<void> {
    this.#isDue = true
    this.#pump()
    while (this.#running > 0 || this.#waiting.length > 0) {
      await new Promise<void>((resolve) => {
        this.#tellIdle = resolve
      })
    }
  }

  #pump(): void {
    const { linger, fullSize, mostAtOnce } = this.#options
    while (this.#waiting.length > 0 && this.#running < mostAtOnce && (this.#isDue || this.#size >= fullSize)) {
      this.#begin(this.#takeBatch())
    }
    // What lingers while others are being kept goes with them when they are done.
    if (this.#waiting.length > 0 && this.#timer === undefined && !this.#isDue) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined
        this.#isDue = true
        this.#pump()
      }, linger)
    }
  }

  #takeBatch(): readonly Waiting<Item>[] {
    const { sizeOf, fullSize } = this.#options
    let size = 0
    let count = 0
    while (count < this.#waiting.length && (count === 0 || size + sizeOf(this.#waiting[count]!.item) <= fullSize)) {
      size += sizeOf(this.#waiting[count++]!.item)
    }
    this.#size -= size
    const batch = this.#waiting.splice(0, count)
    if (this.#waiting.length === 0) this.#isDue = false
    return batch
  }

  #begin(batch: readonly Waiting<Item>[]): void {
    this.#running++
    void this.#keep(batch).then(() => {
      this.#running--
      this.#pump()
      this.#tellIdle()
    })
  }

  async #keep(batch: readonly Waiting<Item>[]): Promise<void> {
    try {
      await this.#options.keep(batch.map(({ item }) => item))
      for (const { settle } of batch) settle(KEPT)
    } catch (error) {
      if (batch.length > 1 && this.#options.mayBePoison(error)) {
        await this.#keep(batch.slice(0, batch.length >> 1))
        await this.#keep(batch.slice(batch.length >> 1))
      } else for (const { settle } of batch) settle(error)
    }
  }
}
