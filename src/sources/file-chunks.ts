import type { FileHandle } from 'node:fs/promises'

const CHUNK_BYTES = 1 << 20

/**
 * Reads an open file from where it stands to its end, up to 1 MiB at a time. While the caller works on one chunk, the
 * next is read into the other of two buffers; so a chunk is valid until the next but one is asked for, and memory stays
 * the same whatever the file's size. Each chunk is a buffer object of its own. Does not close the file.
 */
export async function* fileChunks(file: FileHandle): AsyncGenerator<Buffer, void, undefined> {
  let current = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  let next = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  let reading = readInto(file, current)
  try {
    for (;;) {
      const chunk = await reading
      if (chunk.length === 0) return
      ;[current, next] = [next, current]
      reading = readInto(file, current)
      yield chunk
    }
  } finally {
    // The caller may stop early; the file must not be closed under a read.
    await reading.catch(() => {})
  }
}

async function readInto(file: FileHandle, buffer: Buffer): Promise<Buffer> {
  const { bytesRead } = await file.read(buffer, 0, buffer.length, null)
  return buffer.subarray(0, bytesRead)
}
