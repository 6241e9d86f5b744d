import type { BigIntStats } from 'node:fs'
import { isMadeOfLines, type LogFormat } from '../../telemetry/decoder.js'
import { findLogFormat, logFormats } from '../../telemetry/formats.js'
import { detectCompression } from '../compression.js'
import { fileChunks } from '../file-chunks.js'
import { probeLog } from '../folder/probe-log.js'
import { byLogAndAge, rotatedPath } from '../folder/rotated-name.js'
import { gunzipChunks } from '../gunzip-chunks.js'
import { explainReadError, SourceError } from '../source-error.js'
import { ContentHistory } from './content-history.js'
import { type Digest, HEAD_BYTES, keyedDigest, MarkedBytes, TAIL_BYTES, tailLength } from './content-mark.js'
import type { FilePosition } from './file-position.js'
import { type Look, lookAt, type SeenFile } from './follow-targets.js'
import { FollowedFile, identityOf, type KnownContent, markedBytes, openAs, stampOf, wholeOf } from './followed-file.js'
import { HeldFiles } from './held-files.js'
import { KnownContents } from './known-contents.js'
import { readRange } from './read-at.js'
import { WholeLines } from './whole-lines.js'

/**
 * In milliseconds: a file that has not changed for so long is complete; one that seems to be a copy in the making is
 * waited for so long; one that is out of sight for so long is given up.
 */
const SETTLED = 2000
const LONGEST_WAIT = 5000
const GIVEN_UP = 30_000
/** Paths whose format is remembered for the file that comes to lie there next. */
const MOST_FORMATS = 10_000

/** What the follower hands over: whole lines, in the order in which they stand in their file. */
export interface FollowedChunk {
  /** The same object for all chunks of one content of one file. */
  readonly file: { readonly path: string }
  readonly format: LogFormat
  /** Lines of the content before this chunk; for a file that is read as a whole, before its first one. */
  readonly linesBefore: number
  /** Valid until the next chunk is asked for. */
  readonly bytes: Buffer
  /** The length of a line that is too long to be taken; it stands for the bytes then. */
  readonly overlong: number | null
  /** Whether the file is read as a whole, and taken when its last chunk is committed: packed, or one record. */
  readonly isWhole: boolean
  /** Whether the content begins here, or begins anew: what was not committed comes again. */
  readonly begins: boolean
  /** Whether the content ends here, so that a last line needs no ending. */
  readonly ends: boolean
  /**
   * Says that the chunk was taken, with the lines that it had, or those of all chunks if the file is read as a whole.
   * Positions lie behind it from now on.
   */
  commit(lines: number): void
}

/** Is told what is no line. Each thing may be told again at each look. */
export interface FollowListener {
  /** What was read of a file is not in it any more: it was cut off, or holds something else under its name. */
  replaced(path: string): void
  /** Nothing that can be followed lies at a named path. */
  missing(path: string, reason: string): void
  /** A file cannot be read, or not to its end. */
  failed(error: SourceError): void
  /** No format fits a file. */
  noLog(path: string, isNamed: boolean): void
}

export interface LogFollowerOptions {
  /** Files and folders. What is not there yet is waited for. */
  readonly targets: readonly string[]
  readonly listener: FollowListener
  /** The format of a file where it is known beforehand, or that it is not wanted; null to recognise it. */
  readonly formatOf: (path: string) => LogFormat | 'passed-over' | null
  /** Where an earlier follower stopped. */
  readonly positions?: readonly FilePosition[]
  /**
   * When following began, or the positions were kept, in milliseconds since 1970. A file beside a named one of which
   * nothing was read is only of interest if it was written to since.
   */
  readonly since: number
  /** What digests of positions are keyed with; needed to go on from them. */
  readonly key: string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * Reads files as they grow, are rotated, copied, cut off, packed, and as new ones appear. It has no timer: each look reads
 * what there is by then.
 *
 * A file is known by device and inode together with how its content begins and what stands before the place that was
 * reached, so that a renamed file is the same file, and a copy or a packed file of a known content is read from where its
 * original was left. Lines are handed over once, in their order within a file, an older file of a log before a newer one.
 * A file that vanishes while it is held open is read to its end. What is cut off before a look came is lost, unless a
 * copy of it lies among what is followed or beside it.
 *
 * Descriptors are bounded, memory by the number of files.
 */
export class LogFollower {
  readonly #options: LogFollowerOptions
  readonly #digest: Digest
  readonly #files = new Map<string, FollowedFile>()
  readonly #history = new ContentHistory()
  readonly #held = new HeldFiles()
  readonly #lines = new WholeLines()
  readonly #formatAt = new Map<string, LogFormat>()
  /** Files that are of no interest as they are: by identity their stamp. */
  #ignored = new Map<string, string>()
  /** When files that are not taken up yet were seen first. */
  #firstSeen = new Map<string, number>()
  #waits = false
  #lastStamps: ReadonlyMap<string, string> = new Map()
  #look: Look = { files: [], passedOver: new Map(), missing: new Map() }

  constructor(options: LogFollowerOptions) {
    this.#options = options
    this.#digest = keyedDigest(options.key)
    for (const position of options.positions ?? []) this.#restore(position)
  }

  /** How far all files were read and committed. */
  positions(): readonly FilePosition[] {
    const ofFiles = [...this.#files.values()].flatMap((file) => file.position(this.#digest) ?? [])
    return [...this.#history.positions(), ...ofFiles]
  }

  /** Whether files were left for a later look, since they may be incomplete. */
  get waits(): boolean {
    return this.#waits
  }

  /** What was passed over by its name at the last look. */
  get passedOver(): Look['passedOver'] {
    return this.#look.passedOver
  }

  /** Hands over what there is, once round. What is not committed when the next look begins is handed over again. */
  async *look(): AsyncGenerator<FollowedChunk, void, undefined> {
    this.#look = lookAt(this.#options.targets)
    this.#waits = false
    const { listener } = this.#options
    for (const [path, reason] of this.#look.missing) listener.missing(path, reason)
    const unknown = await this.#findKnown()
    // What is known comes first, so that a copy of it which just appeared is known by all that was read.
    const known = new Set(this.#inOrder())
    yield* this.#readAll(known)
    await this.#meetAll(unknown)
    this.#lastStamps = new Map(this.#look.files.map(({ stats }) => [identityOf(stats), stampOf(stats)]))
    yield* this.#readAll(this.#inOrder().filter((file) => !known.has(file)))
  }

  async close(): Promise<void> {
    await this.#held.releaseAll()
    for (const file of this.#files.values()) await file.close()
  }

  #restore(position: FilePosition): void {
    const { identity, path, mark, lines, whole } = position
    const known = logFormats.some(({ name }) => name === position.format)
    const format = this.#knownFormat(path) ?? (known ? findLogFormat(position.format) : null)
    if (format === null) return
    if (identity === null) {
      this.#history.add({ mark, lines, format, path, file: null })
      this.#rememberFormat(path, format)
      return
    }
    const file = new FollowedFile(identity, path)
    file.goOnFrom({ mark, lines, format })
    file.whole = whole
    file.isPacked = whole !== null && isMadeOfLines(format)
    this.#files.set(identity, file)
  }

  #knownFormat(path: string): LogFormat | null {
    const format = this.#options.formatOf(path)
    return format === 'passed-over' ? null : format
  }

  /** Finds followed files by device and inode; answers files that are not known, or not as what they were. */
  async #findKnown(): Promise<readonly SeenFile[]> {
    const unknown: SeenFile[] = []
    const seen = new Set<string>()
    for (const candidate of this.#look.files) {
      const identity = identityOf(candidate.stats)
      seen.add(identity)
      const file = this.#files.get(identity)
      if (file === undefined) unknown.push(candidate)
      else if (!(await this.#isSame(file, candidate))) {
        await this.#retire(file)
        unknown.push(candidate)
      }
    }
    for (const file of [...this.#files.values()]) if (!seen.has(file.identity)) await this.#loseSight(file)
    // What repeats a content that is read no more has to be read itself.
    for (const candidate of this.#look.files) {
      const file = this.#files.get(identityOf(candidate.stats))
      if (file === undefined || file.copyOf === null) continue
      if (this.#files.get(file.copyOf.identity) === file.copyOf && (await this.#isStillCopy(file))) continue
      await this.#forget(file)
      unknown.push(candidate)
    }
    return unknown
  }

  async #isSame(file: FollowedFile, { path, stats }: SeenFile): Promise<boolean> {
    if (file.path !== path && file.format !== null) this.#rememberFormat(file.path, file.format)
    const wasHere = file.path === path
    file.path = path
    file.goneSince = null
    file.stats = stats
    if (file.copyOf !== null || stampOf(stats) === file.stampRead) return true
    if (file.whole !== null) {
      const { size, changed } = wholeOf(stats)
      return file.isPacked || (file.whole.size === size && file.whole.changed === changed)
    }
    if (file.isWhole || file.offset === 0) return true
    try {
      if (stats.size >= BigInt(file.offset) && (await file.borrow(() => file.isUnchanged(this.#digest)))) return true
    } catch (error) {
      // It is gone again, or may not be read: what it holds is not known.
      this.#fail(file, error)
      return true
    }
    if (wasHere) this.#options.listener.replaced(path)
    return false
  }

  /** A file that is held open is read to its end; of any other the content is remembered. */
  async #loseSight(file: FollowedFile): Promise<void> {
    if (file.handle === null || file.isWhole || file.copyOf !== null || file.format === null) return this.#retire(file)
    const stats: BigIntStats = await file.handle.stat({ bigint: true })
    const hasGrown = file.stats === null || stats.size !== file.stats.size
    file.stats = stats
    if (file.goneSince === null || hasGrown) file.goneSince = this.#options.now()
  }

  async #retire(file: FollowedFile): Promise<void> {
    if (file.copyOf === null) this.#history.keep(file, this.#digest)
    if (file.format !== null) this.#rememberFormat(file.path, file.format)
    await this.#forget(file)
  }

  async #forget(file: FollowedFile): Promise<void> {
    if (this.#files.get(file.identity) === file) this.#files.delete(file.identity)
    await this.#held.release(file)
  }

  #rememberFormat(path: string, format: LogFormat): void {
    this.#formatAt.delete(path)
    this.#formatAt.set(path, format)
    for (const oldest of this.#formatAt.keys()) {
      if (this.#formatAt.size <= MOST_FORMATS) break
      this.#formatAt.delete(oldest)
    }
  }

  async #meetAll(unknown: readonly SeenFile[]): Promise<void> {
    const firstSeen = new Map<string, number>()
    for (const { stats } of unknown) {
      const identity = identityOf(stats)
      firstSeen.set(identity, this.#firstSeen.get(identity) ?? this.#options.now())
    }
    this.#firstSeen = firstSeen
    if (unknown.length === 0) return
    const ignored = new Map<string, string>()
    let contents: KnownContents | null = null
    for (const candidate of unknown.toSorted((one, other) => byLogAndAge(one.path, other.path))) {
      const [identity, stamp] = [identityOf(candidate.stats), stampOf(candidate.stats)]
      if (this.#ignored.get(identity) !== stamp) {
        contents ??= new KnownContents(this.#contents(), this.#digest)
        if (await this.#meet(candidate, contents)) continue
      }
      if (this.#isSettled(candidate.stats)) ignored.set(identity, stamp)
    }
    this.#ignored = ignored
  }

  *#contents(): Generator<KnownContent> {
    yield* this.#history.contents
    for (const file of this.#files.values()) {
      const { format, lines, path } = file
      if (format === null || file.copyOf !== null) continue
      yield { mark: file.mark(this.#digest), lines, format, path, file }
    }
  }

  /** Takes up a file that is not known; false where it is not of interest as it is now. */
  async #meet({ path, stats, role }: SeenFile, contents: KnownContents): Promise<boolean> {
    const file = new FollowedFile(identityOf(stats), path)
    file.stats = stats
    if (stats.size === 0n || this.#options.formatOf(path) === 'passed-over') return false
    if (this.#mayBeInTheMaking(file)) return this.#wait()
    try {
      const head = await file.borrow((handle) => readRange(handle, 0, HEAD_BYTES))
      const compression = detectCompression(head)
      file.isPacked = compression !== null
      if (file.isPacked && !this.#isSettled(stats)) return this.#wait()
      const isUnreadable = compression !== null && compression.unpackWith !== null
      const match = isUnreadable ? null : await this.#findContent(file, head, contents)
      if (match === null && role === 'beside' && !this.#isRecent(stats)) return false
      if (match === null) file.format = this.#knownFormat(path) ?? this.#formatAt.get(path) ?? null
      else if (match.isCopy) file.copyOf = match.content.file
      else this.#goOn(file, match.content)
      if (isUnreadable) {
        file.judgedBytes = Number.POSITIVE_INFINITY
        this.#options.listener.noLog(path, role === 'named')
      }
      this.#files.set(file.identity, file)
      return true
    } catch (error) {
      this.#fail(file, error)
      return false
    }
  }

  /** Whether a file that just appeared as rotated may be a copy that is still being made. */
  #mayBeInTheMaking(file: FollowedFile): boolean {
    if (this.#isWrittenTo(file) || this.#isSettled(file.stats!)) return false
    return this.#options.now() - this.#firstSeen.get(file.identity)! < LONGEST_WAIT
  }

  #wait(): false {
    this.#waits = true
    return false
  }

  #goOn(file: FollowedFile, content: KnownContent): void {
    const { mark, lines } = content
    const format = this.#knownFormat(file.path) ?? content.format
    file.goOnFrom({ mark, lines, format })
    // A mail that was read before lies elsewhere now.
    if (!isMadeOfLines(format) && file.stats!.size === BigInt(mark.offset)) file.whole = wholeOf(file.stats!)
  }

  async #findContent(
    file: FollowedFile,
    begin: Buffer,
    contents: KnownContents,
  ): Promise<{ readonly content: KnownContent; readonly isCopy: boolean } | null> {
    const head = file.isPacked ? await this.#unpackedHead(file) : begin
    for (const content of contents.beginningLike(head)) {
      const isLive = content.file !== null && !content.file.isWhole
      // Whether the rest of a packed file fits is found out when it is unpacked.
      if (file.isPacked) return { content, isCopy: isLive }
      const { mark } = content
      if (file.stats!.size < BigInt(mark.offset)) {
        if (isLive && (await repeats(file, content.file!))) return { content, isCopy: true }
        continue
      }
      const tail = await file.borrow((handle) => readRange(handle, mark.offset - tailLength(mark), mark.offset))
      if (this.#digest(tail) !== mark.tail) continue
      const isCopy = isLive && (await repeats(file, content.file!))
      return { content, isCopy }
    }
    return null
  }

  async #isStillCopy(file: FollowedFile): Promise<boolean> {
    const stamp = stampOf(file.stats!)
    if (file.isPacked || stamp === file.stampRead) return true
    try {
      const isCopy = await repeats(file, file.copyOf!)
      file.stampRead = stamp
      return isCopy
    } catch {
      return false
    }
  }

  async #unpackedHead(file: FollowedFile): Promise<Buffer> {
    const pieces: Buffer[] = []
    let length = 0
    try {
      for await (const chunk of this.#unpacked(file)) {
        pieces.push(Buffer.from(chunk.subarray(0, HEAD_BYTES - length)))
        length += chunk.length
        if (length >= HEAD_BYTES) break
      }
    } catch {
      // What could be unpacked tells enough; the damage is told when all is read.
    }
    return Buffer.concat(pieces)
  }

  /** The contents from the begin, unpacked where they are packed, by a descriptor of its own. */
  async *#unpacked(file: FollowedFile): AsyncGenerator<Buffer, void, undefined> {
    await using handle = await openAs(file.identity, file.path)
    const stored = fileChunks(handle)
    try {
      yield* file.isPacked ? gunzipChunks(stored) : stored
    } finally {
      await stored.return()
    }
  }

  /** What is out of sight comes first, so that the old file is finished before the new one. */
  #inOrder(): readonly FollowedFile[] {
    const rank = (file: FollowedFile) => (file.goneSince === null ? 1 : 0)
    return [...this.#files.values()].sort((one, other) => rank(one) - rank(other) || byLogAndAge(one.path, other.path))
  }

  async *#readAll(files: Iterable<FollowedFile>): AsyncGenerator<FollowedChunk, void, undefined> {
    for (const file of files) {
      try {
        yield* this.#read(file)
      } catch (error) {
        // A packed file that is damaged is tried again when it has changed.
        if (file.isPacked) file.stampRead = stampOf(file.stats!)
        this.#fail(file, error)
      }
    }
  }

  async *#read(file: FollowedFile): AsyncGenerator<FollowedChunk, void, undefined> {
    const stamp = stampOf(file.stats!)
    if (file.copyOf !== null) return
    const isUnread = stamp !== file.stampRead
    if (isUnread && (await this.#recognise(file))) {
      if (file.isWhole) yield* this.#readWhole(file)
      else yield* this.#readLines(file)
    }
    if (file.goneSince !== null && this.#options.now() - file.goneSince >= GIVEN_UP) yield* this.#giveUp(file)
  }

  /** Whether the format is known, or tells itself by now. */
  async #recognise(file: FollowedFile): Promise<boolean> {
    const { stats } = file
    if (file.format !== null) return true
    const size = Number(stats!.size)
    if (size === 0 || file.judgedBytes >= size) return false
    const isSettled = this.#isSettled(stats!)
    if (file.isPacked && !isSettled) return this.#wait()
    const probe = await probeLog(this.#unpacked(file), isSettled)
    if (probe.kind === 'log') {
      file.format = probe.format
      return true
    }
    if (!isSettled) return this.#wait()
    file.judgedBytes = probe.kind === 'no-log' && probe.isFinal ? Number.POSITIVE_INFINITY : size
    const isNamed = this.#options.targets.includes(file.path)
    if (probe.kind === 'no-log') this.#options.listener.noLog(file.path, isNamed)
    return false
  }

  async *#readLines(file: FollowedFile): AsyncGenerator<FollowedChunk, void, undefined> {
    const stamp = stampOf(file.stats!)
    const handle = await file.opened()
    if (this.#isWrittenTo(file) || file.goneSince !== null) await this.#held.use(file)
    // What was seen when the file was met may have been replaced since.
    if (file.stampRead === '' && file.offset > 0 && !(await file.isUnchanged(this.#digest))) return
    const end = Number((await handle.stat({ bigint: true })).size)
    const common = { file, format: file.format!, isWhole: false, begins: false, ends: false }
    for (;;) {
      const start = file.offset
      const next = await this.#lines.next(handle, start, end, file.searchedTo)
      if (next.kind === 'nothing') {
        file.searchedTo = next.searchedTo
        break
      }
      if (next.kind === 'lines') {
        const { bytes } = next
        const commit = (lines: number) => file.take(bytes, lines)
        yield { ...common, linesBefore: file.lines, bytes, overlong: null, commit }
      } else {
        const passed = await markedBytes(handle, next.end)
        const commit = () => file.passOver(passed)
        yield { ...common, linesBefore: file.lines, bytes: NOTHING, overlong: next.length, commit }
      }
      // Not committed: it comes again.
      if (file.offset === start) return
    }
    file.stampRead = stamp
    if (!this.#isWrittenTo(file) && file.goneSince === null) await file.close()
  }

  /** The writer of a file that nobody can reach any more would have gone on by now: its last line is complete. */
  async *#giveUp(file: FollowedFile): AsyncGenerator<FollowedChunk, void, undefined> {
    const bytes = await this.#lines.rest(await file.opened(), file.offset)
    if (bytes !== null && bytes.length > 0) {
      const commit = (lines: number) => file.take(bytes, lines)
      const common = { file, format: file.format!, isWhole: false, begins: false, ends: true, overlong: null }
      yield { ...common, linesBefore: file.lines, bytes, commit }
    }
    await this.#retire(file)
  }

  async *#readWhole(file: FollowedFile): AsyncGenerator<FollowedChunk, void, undefined> {
    if (!this.#isSettled(file.stats!)) {
      this.#waits = true
      return
    }
    if (file.whole !== null && isAsRead(file)) {
      file.stampRead = stampOf(file.stats!)
      return
    }
    file.stampRead = stampOf(file.stats!)
    const from = file.isPacked ? file.offset : 0
    if (!(yield* this.#readContent(file, from)) && from > 0) yield* this.#readContent(file, 0)
  }

  /** Hands over what lies behind a place; false where the content up to it is another one than that which was read. */
  async *#readContent(file: FollowedFile, from: number): AsyncGenerator<FollowedChunk, boolean, undefined> {
    const bytes = new MarkedBytes()
    const tail = from > 0 ? file.mark(this.#digest).tail : null
    const linesBefore = from > 0 ? file.lines : 0
    const common = { file, format: file.format!, isWhole: true, linesBefore, overlong: null }
    let begins = true
    const untilPlace = () => from - bytes.offset
    for await (const chunk of this.#unpacked(file)) {
      const known = chunk.subarray(0, Math.max(Math.min(untilPlace(), chunk.length), 0))
      bytes.add(known)
      if (untilPlace() > 0) continue
      if (known.length > 0 && this.#digest(bytes.tail) !== tail) return false
      const fresh = chunk.subarray(known.length)
      bytes.add(fresh)
      if (fresh.length === 0) continue
      yield { ...common, bytes: fresh, begins, ends: false, commit: () => {} }
      begins = false
    }
    if (untilPlace() > 0) return false
    const commit = (lines: number) => file.takeWhole(bytes, linesBefore + lines)
    yield { ...common, bytes: NOTHING, begins, ends: true, commit }
    return true
  }

  /** Whether a file was written to since following began, so that its log was rotated unseen. */
  #isRecent({ mtimeMs }: BigIntStats): boolean {
    return Number(mtimeMs) >= this.#options.since - SETTLED
  }

  #isSettled(stats: BigIntStats): boolean {
    const age = this.#options.now() - Number(stats.mtimeMs)
    return age >= SETTLED || this.#lastStamps.get(identityOf(stats)) === stampOf(stats)
  }

  /** Whether it is the file of its log that is written to, as far as its name tells. */
  #isWrittenTo({ path }: FollowedFile): boolean {
    return rotatedPath(path).age === 0
  }

  #fail(file: FollowedFile, error: unknown): void {
    const code = error instanceof Error && 'code' in error ? error.code : null
    // It went away between the look and the reading; the next look tells what became of it.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ESTALE') return
    if (error instanceof SourceError || typeof code === 'string') {
      this.#options.listener.failed(explainReadError(file.path, error))
    } else throw error
  }
}

const NOTHING = Buffer.alloc(0)

function isAsRead({ whole, stats }: FollowedFile): boolean {
  const { size, changed } = wholeOf(stats!)
  return whole!.size === size && whole!.changed === changed
}

/** Whether a file holds nothing that another one does not, by its last bytes. */
function repeats(file: FollowedFile, other: FollowedFile): Promise<boolean> {
  return file.borrow((handle) =>
    other.borrow(async (otherHandle) => {
      const size = Number((await handle.stat({ bigint: true })).size)
      const otherSize = Number((await otherHandle.stat({ bigint: true })).size)
      if (size > otherSize) return false
      const start = Math.max(size - TAIL_BYTES, 0)
      return (await readRange(handle, start, size)).equals(await readRange(otherHandle, start, size))
    }),
  )
}
