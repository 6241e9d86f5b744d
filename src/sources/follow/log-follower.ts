import type { LogFormat } from '../../telemetry/decoder.js'
import { keyedDigest } from './content-mark.js'
import type { FilePosition } from './file-position.js'
import { stampOf } from './file-stamp.js'
import { FilesInSight } from './files-in-sight.js'
import type { FollowListener } from './follow-listener.js'
import { type Look, lookAt } from './follow-targets.js'
import type { FollowedChunk } from './followed-chunk.js'
import type { FollowedFile } from './followed-file.js'
import { FollowedFiles } from './followed-files.js'
import { FormatRecognition } from './format-recognition.js'
import { LineReading } from './line-reading.js'
import { Newcomers } from './newcomers.js'
import { PathFormats } from './path-formats.js'
import { Settling } from './settling.js'
import { tellFailure } from './tell-failure.js'
import { WholeReading } from './whole-reading.js'

/** In milliseconds: a file that is out of sight for so long is given up. */
const GIVEN_UP = 30_000

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
  readonly #files: FollowedFiles
  readonly #inSight: FilesInSight
  readonly #newcomers: Newcomers
  readonly #settling: Settling
  readonly #recognition: FormatRecognition
  readonly #lines: LineReading
  readonly #wholes: WholeReading
  #look: Look = { files: [], passedOver: new Map(), missing: new Map() }

  constructor(options: LogFollowerOptions) {
    const { targets, listener, now, formatOf, key, positions = [] } = options
    const digest = keyedDigest(key)
    const formats = new PathFormats(formatOf)
    const files = new FollowedFiles(digest, formats)
    const settling = new Settling(options)
    this.#options = options
    this.#files = files
    this.#settling = settling
    this.#inSight = new FilesInSight({ files, formats, listener, now })
    this.#newcomers = new Newcomers({ files, formats, settling, listener, digest, now })
    this.#recognition = new FormatRecognition({ targets, settling, listener })
    this.#lines = new LineReading(files)
    this.#wholes = new WholeReading(settling)
    for (const position of positions) files.restore(position)
  }

  /** How far all files were read and committed. */
  positions(): readonly FilePosition[] {
    return this.#files.positions()
  }

  /** Whether files were left for a later look, since they may be incomplete. */
  get waits(): boolean {
    return this.#settling.waits
  }

  /** What was passed over by its name at the last look. */
  get passedOver(): Look['passedOver'] {
    return this.#look.passedOver
  }

  /** Hands over what there is, once round. What is not committed when the next look begins is handed over again. */
  async *look(): AsyncGenerator<FollowedChunk, void, undefined> {
    this.#look = lookAt(this.#options.targets)
    this.#settling.beginLook(this.#look.files)
    for (const [path, reason] of this.#look.missing) this.#options.listener.missing(path, reason)
    const unknown = await this.#inSight.update(this.#look.files)
    // What is known comes first, so that a copy of it which just appeared is known by all that was read.
    const known = new Set(this.#files.inReadingOrder())
    yield* this.#readAll(known)
    await this.#newcomers.meet(unknown)
    yield* this.#readAll(this.#files.inReadingOrder().filter((file) => !known.has(file)))
  }

  async close(): Promise<void> {
    await this.#files.close()
  }

  async *#readAll(files: Iterable<FollowedFile>): AsyncGenerator<FollowedChunk, void, undefined> {
    for (const file of files) {
      try {
        yield* this.#read(file)
      } catch (error) {
        // A packed file that is damaged is tried again when it has changed.
        if (file.isPacked) file.stampRead = stampOf(file.stats!)
        tellFailure(this.#options.listener, file.path, error)
      }
    }
  }

  async *#read(file: FollowedFile): AsyncGenerator<FollowedChunk, void, undefined> {
    if (file.copyOf !== null) return
    const isUnread = stampOf(file.stats!) !== file.stampRead
    if (isUnread && (await this.#recognition.recognise(file))) {
      yield* file.isWhole ? this.#wholes.read(file) : this.#lines.read(file)
    }
    if (file.goneSince === null || this.#options.now() - file.goneSince < GIVEN_UP) return
    // The writer of a file that nobody can reach any more would have gone on by now: its last line is complete.
    yield* this.#lines.readRest(file)
    await this.#files.retire(file)
  }
}
