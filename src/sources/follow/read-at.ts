import type { FileHandle } from 'node:fs/promises'

/** Reads as many bytes at a place of a file as there are, up to the length of the buffer. */
export async function readAt(file: FileHandle, buffer: Buffer, position: number): Promise<Buffer> {
  let length = 0
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, position + length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return buffer.subarray(0, length)
}

/** The bytes from `start` to `end`, fewer where the file ends before. In memory of their own. */
export function readRange(file: FileHandle, start: number, end: number): Promise<Buffer> {
  return readAt(file, Buffer.allocUnsafe(Math.max(end - start, 0)), start)
}
