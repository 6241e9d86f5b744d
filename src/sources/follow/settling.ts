import type { BigIntStats } from 'node:fs'
import { identityOf, stampOf } from './file-stamp.js'
import type { SeenFile } from './follow-targets.js'

/** In milliseconds: a file that has not changed for so long is complete. */
const SETTLED = 2000

export interface SettlingOptions {
  /** When following began, in milliseconds since 1970. */
  readonly since: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Judges by their times whether files are complete, and keeps whether one of a look is waited for. */
export class Settling {
  readonly #options: SettlingOptions
  #waits = false
  /** Files are judged by what they were then, in milliseconds since 1970. */
  #lookBegan = 0
  /** By identity what files were when they were seen last, and when they were that first. */
  #seen: ReadonlyMap<string, { readonly stamp: string; readonly since: number }> = new Map()

  constructor(options: SettlingOptions) {
    this.#options = options
  }

  /** Whether a file was left for a later look. */
  get waits(): boolean {
    return this.#waits
  }

  beginLook(files: readonly SeenFile[]): void {
    this.#waits = false
    const before = this.#seen
    const since = this.#options.now()
    this.#lookBegan = since
    this.#seen = new Map(
      files.map(({ stats }) => {
        const [identity, stamp] = [identityOf(stats), stampOf(stats)]
        const known = before.get(identity)
        return [identity, known?.stamp === stamp ? known : { stamp, since }]
      }),
    )
  }

  /** Leaves a file for a later look; false, for it is not taken now. */
  wait(): false {
    this.#waits = true
    return false
  }

  /** Whether a file has not changed for two seconds, by its own time or by what was seen of it. */
  isSettled(stats: BigIntStats): boolean {
    const changed = Math.min(Number(stats.mtimeMs), this.#unchangedSince(stats) ?? this.#lookBegan)
    return this.#lookBegan - changed >= SETTLED
  }

  /** Whether a file is settled, or at least as it was at the last look. */
  isAtRest(stats: BigIntStats): boolean {
    const since = this.#unchangedSince(stats)
    return this.isSettled(stats) || (since !== null && since < this.#lookBegan)
  }

  /** Whether a file was written to since following began, so that its log was rotated unseen. */
  isRecent({ mtimeMs }: BigIntStats): boolean {
    return Number(mtimeMs) >= this.#options.since - SETTLED
  }

  #unchangedSince(stats: BigIntStats): number | null {
    const seen = this.#seen.get(identityOf(stats))
    return seen?.stamp === stampOf(stats) ? seen.since : null
  }
}
