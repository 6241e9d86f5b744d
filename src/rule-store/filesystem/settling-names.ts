/** How long a file must be quiet before it is read, in milliseconds: a save in place is several writes. */
const SETTLE = 5
/** How long a file that does not become quiet is waited for, in milliseconds. */
const LONGEST_SETTLE = 50

/** Collects the names of files that are being written, and hands them on when they have become quiet. */
export class SettlingNames {
  readonly #onQuiet: (names: readonly string[]) => void
  /** With the times at which each was first and last named. */
  readonly #names = new Map<string, { readonly first: number; last: number }>()
  #timer: NodeJS.Timeout | undefined

  constructor(onQuiet: (names: readonly string[]) => void) {
    this.#onQuiet = onQuiet
  }

  add(name: string): void {
    const now = performance.now()
    const known = this.#names.get(name)
    if (known === undefined) this.#names.set(name, { first: now, last: now })
    else known.last = now
    this.#timer ??= setTimeout(() => this.#handOn(), SETTLE)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#names.clear()
  }

  #handOn(): void {
    this.#timer = undefined
    const now = performance.now()
    const quiet: string[] = []
    for (const [name, { first, last }] of this.#names) {
      if (now - last < SETTLE && now - first < LONGEST_SETTLE) continue
      this.#names.delete(name)
      quiet.push(name)
    }
    if (this.#names.size > 0) this.#timer = setTimeout(() => this.#handOn(), SETTLE)
    if (quiet.length > 0) this.#onQuiet(quiet)
  }
}
