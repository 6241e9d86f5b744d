import type { FilePosition } from './file-position.js'
import type { FollowedFile, KnownContent } from './followed-file.js'

/** Contents that are remembered after their file went away: they may turn up packed or copied. */
const MOST_KEPT = 2000

/** What was read of files that are gone or hold something else by now; the oldest are forgotten. */
export class ContentHistory {
  readonly #contents = new Map<string, KnownContent>()

  get contents(): Iterable<KnownContent> {
    return this.#contents.values()
  }

  keep(file: FollowedFile): void {
    const { format, lines, path } = file
    if (format !== null && file.offset > 0) this.add({ mark: file.mark(), lines, format, path, file: null })
  }

  add(content: KnownContent): void {
    const key = `${content.mark.offset}:${content.mark.head}:${content.mark.tail}`
    this.#contents.delete(key)
    this.#contents.set(key, content)
    for (const oldest of this.#contents.keys()) {
      if (this.#contents.size <= MOST_KEPT) break
      this.#contents.delete(oldest)
    }
  }

  positions(): readonly FilePosition[] {
    return [...this.#contents.values()].map(({ mark, lines, format, path }) => ({
      path,
      identity: null,
      mark,
      lines,
      format: format.name,
      whole: null,
    }))
  }
}
