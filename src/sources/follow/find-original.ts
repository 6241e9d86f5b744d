import type { FollowedFile, KnownContent } from './followed-file.js'
import type { KnownContents } from './known-contents.js'
import { repeats } from './repeats.js'
import { unpackedHead } from './unpacked-contents.js'

/** A content that was read before, and which a file holds. */
export interface Original {
  readonly content: KnownContent
  /** Whether the file holds no more than another one that is followed, so that it need not be read. */
  readonly isCopy: boolean
}

/**
 * Finds what was read before of the content of a file, the content of which most was read first.
 *
 * @param begin of the file as it is stored
 */
export async function findOriginal(
  file: FollowedFile,
  begin: Buffer,
  contents: KnownContents,
): Promise<Original | null> {
  const head = file.isPacked ? await unpackedHead(file) : begin
  for (const content of contents.beginningLike(head)) {
    // Whether the rest of a packed file fits is found out when it is unpacked.
    if (file.isPacked) return { content, isCopy: liveFileOf(content) !== null }
    const original = await compare(file, content)
    if (original !== null) return original
  }
  return null
}

async function compare(file: FollowedFile, content: KnownContent): Promise<Original | null> {
  const { mark } = content
  const reachesMark = file.stats!.size >= BigInt(mark.offset)
  if (reachesMark && !(await file.holds(mark))) return null
  const live = liveFileOf(content)
  const isCopy = live !== null && (await repeats(file, live))
  return reachesMark || isCopy ? { content, isCopy } : null
}

/** The file that more of the content may come to. */
function liveFileOf({ file }: KnownContent): FollowedFile | null {
  return file === null || file.isWhole ? null : file
}
