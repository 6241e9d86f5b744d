import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, createReadStream, createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { constants, gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { type OpenSourceOptions, openSource, type Source } from './open-source.js'
import { SourceError } from './source-error.js'

const directory = mkdtempSync(join(tmpdir(), 'sources-'))
afterAll(() => rmSync(directory, { recursive: true }))

const NEVER = new AbortController().signal
let files = 0

function fileOf(contents: Buffer | string): string {
  const path = join(directory, `file-${files++}`)
  writeFileSync(path, contents)
  return path
}

/** Copies each chunk, because the next one may take its place. */
async function collect(source: Source, signal = NEVER): Promise<{ bytes: Buffer; error: unknown }> {
  const parts: Buffer[] = []
  try {
    for await (const chunk of source.chunks(signal)) parts.push(Buffer.from(chunk))
  } catch (error) {
    return { bytes: Buffer.concat(parts), error }
  }
  return { bytes: Buffer.concat(parts), error: null }
}

const read = async (path: string, options?: OpenSourceOptions) => collect(await openSource(path, options))
const fromStdin = (...chunks: Buffer[]) => read('-', { stdin: Readable.from(chunks, { objectMode: false }) })

async function failure(path: string): Promise<SourceError> {
  try {
    const { error } = await read(path)
    return error as SourceError
  } catch (error) {
    return error as SourceError
  }
}

/** Text that packs like a log does. */
const log = Buffer.from(Array.from({ length: 60_000 }, (_, index) => `line ${index} ${Math.sin(index)}\n`).join(''))

describe('openSource', () => {
  it('reads a file of many chunks, with its size and position', async () => {
    const contents = randomBytes(5_300_000)
    const source = await openSource(fileOf(contents))
    expect(source.size).toBe(contents.length)
    expect(source.position()).toBe(0)
    const { bytes, error } = await collect(source)
    expect(error).toBeNull()
    expect(bytes.equals(contents)).toBe(true)
    expect(source.position()).toBe(contents.length)
  })

  it('reads a source again from its start', async () => {
    const source = await openSource(fileOf('once more'))
    expect((await collect(source)).bytes.toString()).toBe('once more')
    expect((await collect(source)).bytes.toString()).toBe('once more')
    expect(source.position()).toBe(9)
  })

  it.each([0, 1, 5, 9, 10, 11])('reads a file of %d bytes', async (length) => {
    const contents = Buffer.alloc(length, 0x61)
    expect((await read(fileOf(contents))).bytes.equals(contents)).toBe(true)
  })

  it('leaves a chunk alone until the next one is asked for', async () => {
    const source = await openSource(
      fileOf(Buffer.concat([Buffer.alloc(1 << 20, 1), Buffer.alloc(1 << 20, 2), Buffer.of(3)])),
    )
    for await (const chunk of source.chunks(NEVER)) {
      const first = chunk[0]
      await new Promise((resolve) => setTimeout(resolve, 5))
      expect(chunk.every((byte) => byte === first)).toBe(true)
    }
  })

  it('unpacks gzip by its contents, whatever the name says, with members in a row and zero padding', async () => {
    expect((await read(fileOf(gzipSync(log)))).bytes.equals(log)).toBe(true)
    const rotated = Buffer.concat([gzipSync('one\n'), gzipSync(''), gzipSync('two\n'), Buffer.alloc(512)])
    const source = await openSource(fileOf(rotated))
    expect((await collect(source)).bytes.toString()).toBe('one\ntwo\n')
    expect(source.position()).toBe(rotated.length)
  })

  it('reads a file that is only named like gzip', async () => {
    const path = join(directory, 'plain.json.gz')
    writeFileSync(path, 'plain')
    expect((await read(path)).bytes.toString()).toBe('plain')
  })

  it.each([0.1, 0.5, 0.9, 0.999])('gives all of a gzip file cut at %d before it reports that', async (share) => {
    const packed = gzipSync(log)
    const cut = packed.subarray(0, Math.floor(packed.length * share))
    const { bytes, error } = await read(fileOf(cut))
    expect(bytes.equals(gunzipSync(cut, { finishFlush: constants.Z_SYNC_FLUSH }))).toBe(true)
    expect(error).toMatchObject({ code: 'corrupt-gzip', message: expect.stringContaining('breaks off') })
  })

  it('gives what comes before damage in a gzip file', async () => {
    const packed = gzipSync(log)
    const damaged = Buffer.from(packed)
    damaged.fill(0xff, packed.length >> 1, (packed.length >> 1) + 2000)
    const { bytes, error } = await read(fileOf(damaged))
    expect(error).toMatchObject({ code: 'corrupt-gzip', message: expect.stringContaining('damaged') })
    const third = Math.floor(log.length / 3)
    expect(bytes.subarray(0, third).equals(log.subarray(0, third))).toBe(true)
  })

  it('gives the members before something that is no gzip', async () => {
    const { error } = await read(fileOf(Buffer.concat([gzipSync(log), Buffer.from('trailing words')])))
    expect(error).toMatchObject({ code: 'corrupt-gzip' })
  })

  it('does not hold what a small gzip file unpacks to', async () => {
    const packed = gzipSync(Buffer.alloc(200 << 20))
    const source = await openSource(fileOf(packed))
    const before = process.memoryUsage.rss()
    let total = 0
    for await (const chunk of source.chunks(NEVER)) {
      total += chunk.length
      expect(chunk.length).toBeLessThanOrEqual(64 * 1024)
    }
    expect(total).toBe(200 << 20)
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 << 20)
  })

  it('reads standard input, plain and gzip, also byte by byte', async () => {
    expect((await fromStdin(Buffer.from('a'), Buffer.from('b\nc'))).bytes.toString()).toBe('ab\nc')
    expect((await fromStdin()).bytes.toString()).toBe('')
    const packed = [...gzipSync('packed\n')].map((byte) => Buffer.of(byte))
    expect((await fromStdin(...packed)).bytes.toString()).toBe('packed\n')
    expect((await openSource('-', { stdin: Readable.from([]) })).size).toBeNull()
  })

  it.runIf(process.platform === 'linux')('reads a named pipe', async () => {
    const path = join(directory, 'pipe')
    await promisify(execFile)('mkfifo', [path])
    const writer = createWriteStream(path)
    writer.end('through the pipe\n')
    const source = await openSource(path)
    expect(source.size).toBeNull()
    expect((await collect(source)).bytes.toString()).toBe('through the pipe\n')
    if (!writer.closed) await once(writer, 'close')
  })

  it('says what to do where there is nothing to read', async () => {
    expect(await failure(join(directory, 'absent'))).toMatchObject({ name: 'SourceError', code: 'not-found' })
    expect(await failure(join(fileOf(''), 'below'))).toMatchObject({ code: 'not-found' })
    const folder = await failure(`${directory}/`)
    expect(folder.code).toBe('is-directory')
    expect(folder.message).toContain(`give files, for example ${directory}/cowrie.json*`)
  })

  it.runIf(process.getuid?.() !== 0)('says that it may not read a file', async () => {
    const path = fileOf('secret')
    chmodSync(path, 0o000)
    expect(await failure(path)).toMatchObject({ code: 'not-readable' })
  })

  it.each([
    ['28b52ffd24', 'Zstandard', 'zstd -dc'],
    ['fd377a585a000004', 'xz', 'xz -dc'],
    ['425a68393141592653597a', 'bzip2', 'bzip2 -dc'],
    ['504b03041400', 'ZIP', 'unzip -p'],
    ['04224d186440a7', 'LZ4', 'lz4 -dc'],
  ])('names the command that unpacks %s (%s)', async (hex, name, command) => {
    const path = fileOf(Buffer.from(hex, 'hex'))
    const error = await failure(path)
    expect(error.code).toBe('unsupported-compression')
    expect(error.message).toBe(
      `${path}: is packed with ${name}; unpack it first: ${command} ${path} | decnet-ttp tag -`,
    )
  })

  it('takes text that begins like a magic number for text', async () => {
    expect((await read(fileOf('BZh is how it begins'))).bytes.toString()).toBe('BZh is how it begins')
  })

  it('stops on abort with the reason, in a file, in gzip and while standard input says nothing', async () => {
    const silent = new Readable({ read: () => {} })
    const sources = [
      await openSource(fileOf(randomBytes(4 << 20))),
      await openSource(fileOf(gzipSync(randomBytes(4 << 20)))),
      await openSource('-', { stdin: silent }),
    ]
    for (const source of sources) {
      const controller = new AbortController()
      const reason = new Error('enough')
      const collected = collect(source, controller.signal)
      setImmediate(() => controller.abort(reason))
      expect((await collected).error).toBe(reason)
    }
    expect(silent.destroyed).toBe(true)
  })

  it('reports a stream that fails', async () => {
    const failing = new Readable({
      read() {
        this.destroy(Object.assign(new Error('input/output error'), { code: 'EIO' }))
      },
    })
    const { error } = await read('-', { stdin: failing })
    expect(error).toBeInstanceOf(SourceError)
    expect(error).toMatchObject({ code: 'read-failed', message: '-: reading failed (EIO)' })
  })

  it('gives what came before a stream failed in the middle of gzip', async () => {
    const packed = gzipSync(log)
    async function* failing() {
      yield packed.subarray(0, packed.length >> 1)
      throw Object.assign(new Error('reset'), { code: 'ECONNRESET' })
    }
    const { bytes, error } = await read('-', { stdin: Readable.from(failing(), { objectMode: false }) })
    expect(error).toMatchObject({ code: 'read-failed' })
    expect(bytes.length).toBeGreaterThan(log.length / 3)
  })

  it('closes the file when the reader stops early', async () => {
    const path = fileOf(gzipSync(randomBytes(3 << 20)))
    for (let round = 0; round < 50; round++) {
      for await (const _ of (await openSource(path)).chunks(NEVER)) break
    }
    const open =
      process.platform === 'linux' ? await promisify(execFile)('ls', ['-l', `/proc/${process.pid}/fd`]) : null
    expect(open?.stdout ?? '').not.toContain(path)
  })

  it('reads what a stream of the file system gives', async () => {
    expect((await read('-', { stdin: createReadStream(fileOf(log)) })).bytes.equals(log)).toBe(true)
  })
})
