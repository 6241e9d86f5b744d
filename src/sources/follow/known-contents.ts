import { type ContentMark, type Digest, headLength } from './content-mark.js'
import type { KnownContent } from './followed-file.js'

/** Finds contents that were read before by how they begin. */
export class KnownContents {
  readonly #digest: Digest
  readonly #byHead = new Map<string, KnownContent[]>()
  readonly #lengths: readonly number[]

  constructor(contents: Iterable<KnownContent>, digest: Digest) {
    this.#digest = digest
    const lengths = new Set<number>()
    for (const content of contents) {
      const { mark } = content
      if (mark.offset === 0) continue
      lengths.add(headLength(mark))
      const key = keyOf(mark)
      const others = this.#byHead.get(key)
      if (others === undefined) this.#byHead.set(key, [content])
      else others.push(content)
    }
    this.#lengths = [...lengths].sort((one, other) => other - one)
  }

  /** Contents that begin as these bytes do, those of which most was read first. */
  beginningLike(head: Buffer): readonly KnownContent[] {
    const found: KnownContent[] = []
    for (const length of this.#lengths) {
      if (length > head.length) continue
      const key = `${length}:${this.#digest(head.subarray(0, length))}`
      found.push(...(this.#byHead.get(key) ?? []))
    }
    return found.sort((one, other) => other.mark.offset - one.mark.offset)
  }
}

function keyOf(mark: ContentMark): string {
  return `${headLength(mark)}:${mark.head}`
}
