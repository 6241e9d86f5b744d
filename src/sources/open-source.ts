import { constants, type Stats } from 'node:fs'
import { access, open, stat } from 'node:fs/promises'
import { addAbortSignal, type Readable } from 'node:stream'
import { type Compression, detectCompression, MAGIC_BYTES } from './compression.js'
import { fileChunks } from './file-chunks.js'
import { gunzipChunks } from './gunzip-chunks.js'
import { directoryError, explainReadError, SourceError } from './source-error.js'

type Chunks = AsyncGenerator<Buffer, void, undefined>

/** A byte stream to read telemetry from. */
export interface Source {
  /** The path as it was given, or `-` for standard input. */
  readonly name: string
  /** Bytes as stored, before any unpacking; null where that is not known, as for a pipe. */
  readonly size: number | null
  /** Bytes as stored that were handed out or unpacked so far: the same measure as `size`. */
  position(): number
  /**
   * The contents, unpacked where they are gzip. A chunk is valid until the next one is asked for. Memory does not grow
   * with the source. What could be read comes before a failure, which is a `SourceError`; on abort the signal's reason
   * is thrown. Nothing is left open once the iteration ended, however it ended.
   */
  chunks(signal: AbortSignal): AsyncIterable<Buffer>
}

export interface OpenSourceOptions {
  /** What `-` means. Default: the process's standard input. */
  readonly stdin?: Readable
}

/** Opens a file, named pipe or standard input (`-`). Throws a `SourceError` if there is nothing to read. */
export async function openSource(path: string, options: OpenSourceOptions = {}): Promise<Source> {
  if (path === '-') return new ByteSource(path, null, (signal) => streamChunks(options.stdin ?? process.stdin, signal))
  const stats = await inspect(path)
  if (stats.isDirectory()) throw directoryError(path)
  return new ByteSource(path, stats.isFile() ? stats.size : null, () => pathChunks(path))
}

async function inspect(path: string): Promise<Stats> {
  try {
    const stats = await stat(path)
    await access(path, constants.R_OK)
    return stats
  } catch (error) {
    throw explainReadError(path, error)
  }
}

class ByteSource implements Source {
  readonly name: string
  readonly size: number | null
  readonly #open: (signal: AbortSignal) => Chunks
  #position = 0

  constructor(name: string, size: number | null, open: (signal: AbortSignal) => Chunks) {
    this.name = name
    this.size = size
    this.#open = open
  }

  position(): number {
    return this.#position
  }

  async *chunks(signal: AbortSignal): Chunks {
    try {
      yield* unpack(this.name, this.#stored(signal))
    } catch (error) {
      signal.throwIfAborted()
      throw explainReadError(this.name, error)
    }
  }

  async *#stored(signal: AbortSignal): Chunks {
    this.#position = 0
    signal.throwIfAborted()
    for await (const chunk of this.#open(signal)) {
      signal.throwIfAborted()
      this.#position += chunk.length
      yield chunk
    }
  }
}

async function* pathChunks(path: string): Chunks {
  await using file = await open(path, 'r')
  yield* fileChunks(file)
}

async function* streamChunks(stream: Readable, signal: AbortSignal): Chunks {
  yield* addAbortSignal(signal, stream)
}

async function* unpack(name: string, stored: Chunks): Chunks {
  try {
    const head = await readHead(stored)
    const compression = detectCompression(head)
    if (compression !== null && compression.unpackWith !== null) throw unsupported(name, compression)
    const whole = resume(head, stored)
    yield* compression === null ? whole : gunzipChunks(whole)
  } finally {
    await stored.return()
  }
}

/** The first chunk, or as many as it takes to have the bytes that tell a compression. Shorter only at the end. */
async function readHead(stored: Chunks): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0)
  while (head.length < MAGIC_BYTES) {
    const { value, done } = await stored.next()
    if (done) return head
    head = head.length === 0 && value.length >= MAGIC_BYTES ? value : Buffer.concat([head, value])
  }
  return head
}

async function* resume(head: Buffer, rest: Chunks): Chunks {
  if (head.length > 0) yield head
  yield* rest
}

function unsupported(name: string, { name: compression, unpackWith }: Compression): SourceError {
  const remedy = `unpack it first: ${unpackWith} ${name === '-' ? 'FILE' : name} | decnet-ttp tag -`
  return new SourceError('unsupported-compression', name, `${name}: is packed with ${compression}; ${remedy}`)
}
