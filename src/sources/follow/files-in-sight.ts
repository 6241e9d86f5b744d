import { identityOf, stampOf } from './file-stamp.js'
import type { FollowListener } from './follow-listener.js'
import type { SeenFile } from './follow-targets.js'
import type { FollowedFile } from './followed-file.js'
import type { FollowedFiles } from './followed-files.js'
import type { PathFormats } from './path-formats.js'
import { repeats } from './repeats.js'
import { tellFailure } from './tell-failure.js'

export interface FilesInSightOptions {
  readonly files: FollowedFiles
  readonly formats: PathFormats
  readonly listener: FollowListener
  readonly now: () => number
}

/** Finds the files that are followed in what a look saw: where they lie now, whether they are what they were, or gone. */
export class FilesInSight {
  readonly #options: FilesInSightOptions

  constructor(options: FilesInSightOptions) {
    this.#options = options
  }

  /** Answers files that are not known, or not as what they were. Those are followed no more. */
  async update(seen: readonly SeenFile[]): Promise<readonly SeenFile[]> {
    const unknown = await this.#findAll(seen)
    const identities = new Set(seen.map(({ stats }) => identityOf(stats)))
    for (const file of this.#options.files.all()) if (!identities.has(file.identity)) await this.#loseSight(file)
    return [...unknown, ...(await this.#dropFormerCopies(seen))]
  }

  async #findAll(seen: readonly SeenFile[]): Promise<readonly SeenFile[]> {
    const { files } = this.#options
    const unknown: SeenFile[] = []
    for (const candidate of seen) {
      const file = files.get(identityOf(candidate.stats))
      if (file !== undefined && (await this.#isSame(file, candidate))) continue
      if (file !== undefined) await files.retire(file)
      unknown.push(candidate)
    }
    return unknown
  }

  async #isSame(file: FollowedFile, { path, stats }: SeenFile): Promise<boolean> {
    const { formats, listener } = this.#options
    const wasHere = file.path === path
    if (!wasHere && file.format !== null) formats.remember(file.path, file.format)
    file.path = path
    file.goneSince = null
    file.stats = stats
    if (file.copyOf !== null || stampOf(stats) === file.stampRead) return true
    if (file.whole !== null) return file.isPacked || file.isAsRead
    if (file.isWhole || file.offset === 0) return true
    try {
      if (stats.size >= BigInt(file.offset) && (await file.borrow(() => file.isUnchanged()))) return true
    } catch (error) {
      // It is gone again, or may not be read: what it holds is not known.
      tellFailure(listener, path, error)
      return true
    }
    if (wasHere) listener.replaced(path)
    return false
  }

  /** A file that is held open is read to its end; of any other the content is remembered. */
  async #loseSight(file: FollowedFile): Promise<void> {
    const { handle, stats } = file
    if (handle === null || file.isWhole || file.copyOf !== null || file.format === null) {
      return this.#options.files.retire(file)
    }
    file.stats = await handle.stat({ bigint: true })
    const hasGrown = stats === null || file.stats.size !== stats.size
    if (file.goneSince === null || hasGrown) file.goneSince = this.#options.now()
  }

  /** What repeats a content that is read no more has to be read itself. */
  async #dropFormerCopies(seen: readonly SeenFile[]): Promise<readonly SeenFile[]> {
    const { files } = this.#options
    const dropped: SeenFile[] = []
    for (const candidate of seen) {
      const file = files.get(identityOf(candidate.stats))
      if (file === undefined || file.copyOf === null) continue
      if (files.has(file.copyOf) && (await isStillCopy(file, file.copyOf))) continue
      await files.forget(file)
      dropped.push(candidate)
    }
    return dropped
  }
}

async function isStillCopy(file: FollowedFile, original: FollowedFile): Promise<boolean> {
  const stamp = stampOf(file.stats!)
  if (file.isPacked || stamp === file.stampRead) return true
  try {
    const isCopy = await repeats(file, original)
    file.stampRead = stamp
    return isCopy
  } catch {
    return false
  }
}
