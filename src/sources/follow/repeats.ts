import type { FileHandle } from 'node:fs/promises'
import { TAIL_BYTES } from './content-mark.js'
import type { FollowedFile } from './followed-file.js'
import { readRange } from './read-at.js'

/** Whether a file that begins as another one does holds nothing that the other does not, by its last 256 bytes. */
export function repeats(file: FollowedFile, other: FollowedFile): Promise<boolean> {
  return file.borrow((handle) =>
    other.borrow(async (otherHandle) => {
      const [size, otherSize] = [await sizeOf(handle), await sizeOf(otherHandle)]
      if (size > otherSize) return false
      const start = Math.max(size - TAIL_BYTES, 0)
      return (await readRange(handle, start, size)).equals(await readRange(otherHandle, start, size))
    }),
  )
}

async function sizeOf(handle: FileHandle): Promise<number> {
  return Number((await handle.stat({ bigint: true })).size)
}
