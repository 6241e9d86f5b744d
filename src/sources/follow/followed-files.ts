import { isMadeOfLines } from '../../telemetry/decoder.js'
import { findLogFormat, logFormats } from '../../telemetry/formats.js'
import { byLogAndAge } from '../folder/rotated-name.js'
import { ContentHistory } from './content-history.js'
import type { Digest } from './content-mark.js'
import type { FilePosition } from './file-position.js'
import { FollowedFile, type KnownContent } from './followed-file.js'
import { HeldFiles } from './held-files.js'
import type { PathFormats } from './path-formats.js'

/** The files that are followed, by device and inode, and what is remembered of those that were. */
export class FollowedFiles {
  readonly #digest: Digest
  readonly #formats: PathFormats
  readonly #byIdentity = new Map<string, FollowedFile>()
  readonly #history = new ContentHistory()
  readonly #held = new HeldFiles()

  constructor(digest: Digest, formats: PathFormats) {
    this.#digest = digest
    this.#formats = formats
  }

  /** Takes up what an earlier follower left, unless this program does not know its format. */
  restore({ identity, path, mark, lines, whole, format: name }: FilePosition): void {
    const isKnown = logFormats.some((format) => format.name === name)
    const format = this.#formats.given(path) ?? (isKnown ? findLogFormat(name) : null)
    if (format === null) return
    if (identity === null) {
      this.#history.add({ mark, lines, format, path, file: null })
      this.#formats.remember(path, format)
      return
    }
    const file = new FollowedFile({ identity, path, digest: this.#digest })
    file.goOnFrom({ mark, lines, format })
    file.whole = whole
    file.isPacked = whole !== null && isMadeOfLines(format)
    this.add(file)
  }

  /** How far all files were read and committed, those that are gone included. */
  positions(): readonly FilePosition[] {
    return [...this.#history.positions(), ...this.all().flatMap((file) => file.position() ?? [])]
  }

  /** Everything that was read, wherever it lies now. */
  *contents(): Generator<KnownContent> {
    yield* this.#history.contents
    for (const file of this.#byIdentity.values()) {
      const { format, lines, path } = file
      if (format !== null && file.copyOf === null) yield { mark: file.mark(), lines, format, path, file }
    }
  }

  get(identity: string): FollowedFile | undefined {
    return this.#byIdentity.get(identity)
  }

  /** Whether a file is followed, still as the content that it was. */
  has(file: FollowedFile): boolean {
    return this.#byIdentity.get(file.identity) === file
  }

  /** A list of its own, so that files may come and go while it is walked through. */
  all(): readonly FollowedFile[] {
    return [...this.#byIdentity.values()]
  }

  /** What is out of sight comes first, so that the old file is finished before the new one. */
  inReadingOrder(): readonly FollowedFile[] {
    const rank = (file: FollowedFile) => (file.goneSince === null ? 1 : 0)
    return this.all().toSorted((one, other) => rank(one) - rank(other) || byLogAndAge(one.path, other.path))
  }

  add(file: FollowedFile): void {
    this.#byIdentity.set(file.identity, file)
  }

  /** Keeps a file open, as long as there are not too many. */
  async hold(file: FollowedFile): Promise<void> {
    await this.#held.use(file)
  }

  /** Follows a file no more, and remembers what was read of it. */
  async retire(file: FollowedFile): Promise<void> {
    if (file.copyOf === null) this.#history.keep(file)
    if (file.format !== null) this.#formats.remember(file.path, file.format)
    await this.forget(file)
  }

  /** Follows a file no more. */
  async forget(file: FollowedFile): Promise<void> {
    if (this.has(file)) this.#byIdentity.delete(file.identity)
    await this.#held.release(file)
  }

  async close(): Promise<void> {
    await this.#held.releaseAll()
    for (const file of this.#byIdentity.values()) await file.close()
  }
}
