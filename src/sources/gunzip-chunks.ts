import { createGunzip, type Gunzip } from 'node:zlib'

/** With a high-water mark of one byte, the next piece is unpacked only when the last one was taken. */
const OPTIONS = { chunkSize: 64 * 1024, readableHighWaterMark: 1 }

/**
 * Unpacks gzip (RFC 1952), several members in a row included. What was unpacked before the input broke off or failed is
 * yielded before the error is thrown: all of it where the input is cut short; where it is damaged, all but at most the
 * 64 KiB that the damaged place would have been part of. Back-pressure bounds the output, however well the input was
 * packed. An input chunk is done with before the next is asked for.
 */
export async function* gunzipChunks(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const gunzip = createGunzip(OPTIONS)
  const progress = new Progress(gunzip)
  const feeding = feed(packed, gunzip).catch((error: unknown) => progress.fail(error))
  try {
    for (;;) {
      const chunk: Buffer | null = gunzip.read()
      if (chunk !== null) yield chunk
      else if (progress.failure !== null) throw progress.failure.error
      else if (gunzip.readableEnded) return
      else await progress.next()
    }
  } finally {
    gunzip.destroy()
    await feeding
  }
}

async function feed(packed: AsyncIterable<Buffer>, gunzip: Gunzip): Promise<void> {
  let proceed = () => {}
  // A write that fails is never called back.
  gunzip.on('close', () => proceed())
  for await (const chunk of packed) {
    await new Promise<void>((resolve) => {
      proceed = resolve
      gunzip.write(chunk, () => resolve())
    })
    if (gunzip.destroyed) return
  }
  gunzip.end()
}

/** Lets one reader wait until there is something new to see on a stream. */
class Progress {
  failure: { readonly error: unknown } | null = null
  #wake: () => void = () => {}

  constructor(gunzip: Gunzip) {
    gunzip.on('readable', () => this.#wake())
    gunzip.on('end', () => this.#wake())
    gunzip.on('error', (error) => this.fail(error))
  }

  fail(error: unknown): void {
    this.failure ??= { error }
    this.#wake()
  }

  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
