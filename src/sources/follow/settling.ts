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
  /** What files were when they were seen last, by identity. */
  #stamps: ReadonlyMap<string, string> = new Map()

  constructor(options: SettlingOptions) {
    this.#options = options
  }

  /** Whether a file was left for a later look. */
  get waits(): boolean {
    return this.#waits
  }

  beginLook(): void {
    this.#waits = false
  }

  /** Leaves a file for a later look; false, for it is not taken now. */
  wait(): false {
    this.#waits = true
    return false
  }

  /** Whether nobody has written to a file for a while, or since it was seen last. */
  isSettled(stats: BigIntStats): boolean {
    const age = this.#options.now() - Number(stats.mtimeMs)
    return age >= SETTLED || this.#stamps.get(identityOf(stats)) === stampOf(stats)
  }

  /** Whether a file was written to since following began, so that its log was rotated unseen. */
  isRecent({ mtimeMs }: BigIntStats): boolean {
    return Number(mtimeMs) >= this.#options.since - SETTLED
  }

  see(files: readonly SeenFile[]): void {
    this.#stamps = new Map(files.map(({ stats }) => [identityOf(stats), stampOf(stats)]))
  }
}
