import { probeLog } from '../folder/probe-log.js'
import type { FollowListener } from './follow-listener.js'
import type { FollowedFile } from './followed-file.js'
import type { Settling } from './settling.js'
import { unpackedContents } from './unpacked-contents.js'

export interface FormatRecognitionOptions {
  /** Paths that the caller named. */
  readonly targets: readonly string[]
  readonly settling: Settling
  readonly listener: FollowListener
}

/** Recognises the formats of files by how they begin, as soon as that tells. */
export class FormatRecognition {
  readonly #options: FormatRecognitionOptions

  constructor(options: FormatRecognitionOptions) {
    this.#options = options
  }

  /** Whether the format of a file is known by now. A file that no format fits is judged again when it has grown. */
  async recognise(file: FollowedFile): Promise<boolean> {
    const { settling } = this.#options
    if (file.format !== null) return true
    const size = Number(file.stats!.size)
    if (size === 0 || file.judgedBytes >= size) return false
    const isSettled = settling.isSettled(file.stats!)
    if (file.isPacked && !isSettled) return settling.wait()
    const probe = await probeLog(unpackedContents(file), isSettled)
    if (probe.kind === 'log') {
      file.format = probe.format
      return true
    }
    if (!isSettled) return settling.wait()
    file.judgedBytes = probe.kind === 'no-log' && probe.isFinal ? Number.POSITIVE_INFINITY : size
    if (probe.kind === 'no-log') this.#tellNoLog(file)
    return false
  }

  #tellNoLog({ path }: FollowedFile): void {
    const { targets, listener } = this.#options
    listener.noLog(path, targets.includes(path))
  }
}
