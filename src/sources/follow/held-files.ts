import type { FollowedFile } from './followed-file.js'

/** Descriptors that stay open, so that a file which is deleted or packed can be read to its end. */
const MOST_HELD = 96

/** Keeps the files open that were in use last, and closes the others. */
export class HeldFiles {
  readonly #files = new Set<FollowedFile>()

  async use(file: FollowedFile): Promise<void> {
    this.#files.delete(file)
    this.#files.add(file)
    for (const other of this.#files) {
      if (this.#files.size <= MOST_HELD) return
      await this.release(other)
    }
  }

  async release(file: FollowedFile): Promise<void> {
    this.#files.delete(file)
    await file.close()
  }

  async releaseAll(): Promise<void> {
    for (const file of [...this.#files]) await this.release(file)
  }
}
