/** Counts calls, and waits for them. */
export class Calls {
  #made = 0
  readonly #waiting = new Set<() => void>()

  get made(): number {
    return this.#made
  }

  /** To be handed over as a function. */
  readonly count = (): void => {
    this.#made++
    for (const wake of this.#waiting) wake()
  }

  /** Resolves when that many were made since the beginning. */
  async reach(calls: number): Promise<void> {
    while (this.#made < calls) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve)
      })
      this.#waiting.clear()
    }
  }
}
