import { MarkedBytes } from './content-mark.js'
import { stampOf } from './file-stamp.js'
import type { FollowedChunk } from './followed-chunk.js'
import type { FollowedFile } from './followed-file.js'
import type { Settling } from './settling.js'
import { unpackedContents } from './unpacked-contents.js'

const NOTHING = Buffer.alloc(0)

/** Hands over files that are taken as a whole: packed ones, and those whose format is not made of lines. */
export class WholeReading {
  readonly #settling: Settling

  constructor(settling: Settling) {
    this.#settling = settling
  }

  /** The whole content once the file is settled, or where it is packed, what lies behind the place that was reached. */
  async *read(file: FollowedFile): AsyncGenerator<FollowedChunk, void, undefined> {
    if (!this.#settling.isSettled(file.stats!)) {
      this.#settling.wait()
      return
    }
    file.stampRead = stampOf(file.stats!)
    if (file.isAsRead) return
    const from = file.isPacked ? file.offset : 0
    if (!(yield* readContent(file, from)) && from > 0) yield* readContent(file, 0)
  }
}

/** Hands over what lies behind a place; false where the content up to it is another one than that which was read. */
async function* readContent(file: FollowedFile, from: number): AsyncGenerator<FollowedChunk, boolean, undefined> {
  const bytes = new MarkedBytes()
  const linesBefore = from > 0 ? file.lines : 0
  const common = { file, format: file.format!, isWhole: true, linesBefore, overlong: null }
  let begins = true
  for await (const chunk of unpackedContents(file)) {
    const known = chunk.subarray(0, Math.max(from - bytes.offset, 0))
    bytes.add(known)
    if (bytes.offset < from) continue
    if (known.length > 0 && !file.wasLeftAt(bytes)) return false
    const fresh = chunk.subarray(known.length)
    bytes.add(fresh)
    if (fresh.length === 0) continue
    yield { ...common, bytes: fresh, begins, ends: false, commit: () => {} }
    begins = false
  }
  if (bytes.offset < from) return false
  const commit = (lines: number) => file.takeWhole(bytes, linesBefore + lines)
  yield { ...common, bytes: NOTHING, begins, ends: true, commit }
  return true
}
