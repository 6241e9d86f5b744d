/** More was sent than is taken at once. */
export class TooManyBytesError extends Error {
  override readonly name = 'TooManyBytesError'

  constructor(most: number) {
    super(`more than ${most} bytes were sent at once; cut them into several pushes`)
  }
}

/** The chunks, until they are more than so many bytes together. @throws TooManyBytesError then */
export async function* limitBytes(chunks: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer> {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > most) throw new TooManyBytesError(most)
    yield chunk
  }
}
