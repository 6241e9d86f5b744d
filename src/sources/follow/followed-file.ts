import { type BigIntStats, constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { isMadeOfLines, type LogFormat } from '../../telemetry/decoder.js'
import { rotatedPath } from '../folder/rotated-name.js'
import { type ContentMark, type Digest, headLength, MarkedBytes, tailLength } from './content-mark.js'
import type { FilePosition } from './file-position.js'
import { identityOf, wholeOf } from './file-stamp.js'
import { readRange } from './read-at.js'

/** A content that was read before, wherever it lies. */
export interface KnownContent {
  readonly mark: ContentMark
  readonly lines: number
  readonly format: LogFormat
  readonly path: string
  /** The file that holds it, as long as it is followed. */
  readonly file: FollowedFile | null
}

export interface FollowedFileOptions {
  /** Device and inode. */
  readonly identity: string
  readonly path: string
  /** Makes its marks. */
  readonly digest: Digest
}

/** One content of one file, and how far it was read. A file whose content is replaced becomes another one of these. */
export class FollowedFile {
  /** Device and inode. */
  readonly identity: string
  readonly #digest: Digest
  path: string
  format: LogFormat | null = null
  isPacked = false
  /** Lines up to the offset. */
  lines = 0
  /** What was seen of it last. */
  stats: BigIntStats | null = null
  /** What it was when it was looked into last. */
  stampRead = ''
  /** Size and time of change when it was read as a whole. */
  whole: FilePosition['whole'] = null
  /** The followed file whose content this one repeats, so that it need not be read. */
  copyOf: FollowedFile | null = null
  /** When it was out of sight, or last grew since, in milliseconds; null while it can be seen. */
  goneSince: number | null = null
  /** Bytes that were judged without finding a format; infinite where more will not help. */
  judgedBytes = 0
  /** How far a line that is too long to be taken was looked through. */
  searchedTo = 0
  handle: FileHandle | null = null
  #bytes: MarkedBytes | null = new MarkedBytes()
  #mark: ContentMark | null = null

  constructor({ identity, path, digest }: FollowedFileOptions) {
    this.identity = identity
    this.path = path
    this.#digest = digest
  }

  get offset(): number {
    return this.#bytes?.offset ?? this.#mark!.offset
  }

  /** Whether what is read of it is taken as a whole: packed files, and formats that are not made of lines. */
  get isWhole(): boolean {
    return this.isPacked || (this.format !== null && !isMadeOfLines(this.format))
  }

  /** Whether it is the file of its log that is written to, as far as its name tells. */
  get isWrittenTo(): boolean {
    return rotatedPath(this.path).age === 0
  }

  /** Whether it was read as a whole and has not changed since. */
  get isAsRead(): boolean {
    if (this.whole === null) return false
    const { size, changed } = wholeOf(this.stats!)
    return this.whole.size === size && this.whole.changed === changed
  }

  /** Goes on behind a content that was read before. */
  goOnFrom({ mark, lines, format }: Pick<KnownContent, 'mark' | 'lines' | 'format'>): void {
    this.#bytes = null
    this.#mark = mark
    this.lines = lines
    this.format = format
  }

  /** Sets what a whole reading came to. */
  takeWhole(bytes: MarkedBytes, lines: number): void {
    this.#bytes = bytes
    this.#mark = null
    this.lines = lines
    this.whole = wholeOf(this.stats!)
  }

  take(bytes: Buffer, lines: number): void {
    this.#bytes!.add(bytes)
    this.#mark = null
    this.lines += lines
    this.searchedTo = 0
  }

  /** Passes over a line that is too long to be taken. */
  passOver(bytes: MarkedBytes): void {
    this.#bytes = bytes
    this.#mark = null
    this.lines++
    this.searchedTo = 0
  }

  mark(): ContentMark {
    this.#mark ??= this.#bytes!.mark(this.#digest)
    return this.#mark
  }

  /** Whether these are the bytes before the place that was reached, as far as they are compared. */
  wasLeftAt({ tail }: MarkedBytes): boolean {
    return this.#digest(tail) === this.mark().tail
  }

  /** Whether the file holds what stands before the place of a mark. */
  async holds(mark: ContentMark): Promise<boolean> {
    const start = mark.offset - tailLength(mark)
    return this.#digest(await this.borrow((handle) => readRange(handle, start, mark.offset))) === mark.tail
  }

  /** Whether the file still holds what was taken of it. */
  async isUnchanged(): Promise<boolean> {
    const found = await markedBytes(await this.opened(), this.offset)
    if (this.#bytes !== null) return found.head.equals(this.#bytes.head) && found.tail.equals(this.#bytes.tail)
    const { head, tail } = found.mark(this.#digest)
    if (head !== this.#mark!.head || tail !== this.#mark!.tail) return false
    this.#bytes = found
    return true
  }

  /** @throws an error with the code `ESTALE` where another file lies at the path by now */
  async opened(): Promise<FileHandle> {
    this.handle ??= await openAs(this.identity, this.path)
    return this.handle
  }

  /** Does something with the open file, and leaves it open or closed as it was. */
  async borrow<Answer>(use: (handle: FileHandle) => Promise<Answer>): Promise<Answer> {
    const wasOpen = this.handle !== null
    try {
      return await use(await this.opened())
    } finally {
      if (!wasOpen) await this.close()
    }
  }

  async close(): Promise<void> {
    const { handle } = this
    this.handle = null
    await handle?.close()
  }

  /** Null where nothing was read of it that would have to be remembered. */
  position(): FilePosition | null {
    if (this.format === null || this.copyOf !== null || (this.offset === 0 && this.whole === null)) return null
    return {
      path: this.path,
      identity: this.identity,
      mark: this.mark(),
      lines: this.lines,
      format: this.format.name,
      whole: this.whole,
    }
  }
}

/** Opens a file if it still is the one of that device and inode. */
export async function openAs(identity: string, path: string): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  if (identityOf(await handle.stat({ bigint: true })) === identity) return handle
  await handle.close()
  throw Object.assign(new Error(`another file lies at ${path} by now`), { code: 'ESTALE' })
}

/** What marks the content of a file up to a place. */
export async function markedBytes(handle: FileHandle, offset: number): Promise<MarkedBytes> {
  const head = await readRange(handle, 0, headLength({ offset }))
  return new MarkedBytes(offset, head, await readRange(handle, offset - tailLength({ offset }), offset))
}
