import { fileChunks } from '../file-chunks.js'
import { gunzipChunks } from '../gunzip-chunks.js'
import { HEAD_BYTES } from './content-mark.js'
import { type FollowedFile, openAs } from './followed-file.js'

/**
 * What a file holds from its begin on, unpacked where it is packed, by a descriptor of its own. A chunk is valid until the
 * next one is asked for.
 */
export async function* unpackedContents(file: FollowedFile): AsyncGenerator<Buffer, void, undefined> {
  await using handle = await openAs(file.identity, file.path)
  const stored = fileChunks(handle)
  try {
    yield* file.isPacked ? gunzipChunks(stored) : stored
  } finally {
    await stored.return()
  }
}

/** As much of the begin as tells a content, or as much of that as can be unpacked. Never throws. */
export async function unpackedHead(file: FollowedFile): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of unpackedContents(file)) {
      pieces.push(Buffer.from(chunk.subarray(0, HEAD_BYTES - length)))
      length += chunk.length
      if (length >= HEAD_BYTES) break
    }
  } catch {
    // What could be unpacked tells enough; the damage is told when all is read.
  }
  return Buffer.concat(pieces)
}
