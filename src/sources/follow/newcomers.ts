import { isMadeOfLines } from '../../telemetry/decoder.js'
import { detectCompression } from '../compression.js'
import { byLogAndAge } from '../folder/rotated-name.js'
import { type Digest, HEAD_BYTES } from './content-mark.js'
import { identityOf, stampOf, wholeOf } from './file-stamp.js'
import { findOriginal } from './find-original.js'
import type { FollowListener } from './follow-listener.js'
import type { SeenFile } from './follow-targets.js'
import { FollowedFile, type KnownContent } from './followed-file.js'
import type { FollowedFiles } from './followed-files.js'
import { KnownContents } from './known-contents.js'
import type { PathFormats } from './path-formats.js'
import { readRange } from './read-at.js'
import type { Settling } from './settling.js'
import { tellFailure } from './tell-failure.js'

/** In milliseconds: what seems to be a copy in the making is waited for so long. */
const LONGEST_WAIT = 5000

export interface NewcomersOptions {
  readonly files: FollowedFiles
  readonly formats: PathFormats
  readonly settling: Settling
  readonly listener: FollowListener
  readonly digest: Digest
  readonly now: () => number
}

/** Takes up files that are not known, and finds out whether what they hold is. */
export class Newcomers {
  readonly #options: NewcomersOptions
  /** Files that are of no interest as they are: by identity their stamp. */
  #ignored: ReadonlyMap<string, string> = new Map()
  /** When files that are not taken up yet were seen first. */
  #firstSeen: ReadonlyMap<string, number> = new Map()

  constructor(options: NewcomersOptions) {
    this.#options = options
  }

  /** Has files followed from now on, but for those that may be incomplete or are of no interest as they are. */
  async meet(unknown: readonly SeenFile[]): Promise<void> {
    const { files, settling, digest } = this.#options
    this.#noteFirstSight(unknown)
    const ignored = new Map<string, string>()
    let contents: KnownContents | null = null
    for (const candidate of unknown.toSorted((one, other) => byLogAndAge(one.path, other.path))) {
      const [identity, stamp] = [identityOf(candidate.stats), stampOf(candidate.stats)]
      if (this.#ignored.get(identity) !== stamp) {
        contents ??= new KnownContents(files.contents(), digest)
        if (await this.#meetOne(candidate, contents)) continue
      }
      if (settling.isSettled(candidate.stats)) ignored.set(identity, stamp)
    }
    this.#ignored = ignored
  }

  #noteFirstSight(unknown: readonly SeenFile[]): void {
    const now = this.#options.now()
    const identities = unknown.map(({ stats }) => identityOf(stats))
    this.#firstSeen = new Map(identities.map((identity) => [identity, this.#firstSeen.get(identity) ?? now]))
  }

  /** False where the file is not of interest as it is now. */
  async #meetOne({ path, stats, role }: SeenFile, contents: KnownContents): Promise<boolean> {
    const { formats, settling, listener, digest } = this.#options
    if (stats.size === 0n || formats.isPassedOver(path)) return false
    const file = new FollowedFile({ identity: identityOf(stats), path, digest })
    file.stats = stats
    if (this.#mayBeInTheMaking(file)) return settling.wait()
    try {
      return await this.#takeUp(file, role, contents)
    } catch (error) {
      tellFailure(listener, path, error)
      return false
    }
  }

  /** Whether a file that just appeared as rotated may be a copy that is still being made. */
  #mayBeInTheMaking(file: FollowedFile): boolean {
    const { settling, now } = this.#options
    if (file.isWrittenTo || settling.isAtRest(file.stats!)) return false
    return now() - this.#firstSeen.get(file.identity)! < LONGEST_WAIT
  }

  async #takeUp(file: FollowedFile, role: SeenFile['role'], contents: KnownContents): Promise<boolean> {
    const { files, formats, settling, listener } = this.#options
    const head = await file.borrow((handle) => readRange(handle, 0, HEAD_BYTES))
    const compression = detectCompression(head)
    file.isPacked = compression !== null
    if (file.isPacked && !settling.isSettled(file.stats!)) return settling.wait()
    const isUnreadable = compression !== null && compression.unpackWith !== null
    const original = isUnreadable ? null : await findOriginal(file, head, contents)
    if (original === null && role === 'beside' && !settling.isRecent(file.stats!)) return false
    if (original === null) file.format = formats.expected(file.path)
    else if (original.isCopy) file.copyOf = original.content.file
    else this.#goOn(file, original.content)
    if (isUnreadable) {
      file.judgedBytes = Number.POSITIVE_INFINITY
      listener.noLog(file.path, role === 'named')
    }
    files.add(file)
    return true
  }

  #goOn(file: FollowedFile, { mark, lines, format: formatBefore }: KnownContent): void {
    const format = this.#options.formats.given(file.path) ?? formatBefore
    file.goOnFrom({ mark, lines, format })
    // A mail that was read before lies elsewhere now.
    if (!isMadeOfLines(format) && file.stats!.size === BigInt(mark.offset)) file.whole = wholeOf(file.stats!)
  }
}
