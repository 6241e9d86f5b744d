import type { PassedOverReason } from '../../sources/folder/passed-over.js'
import { TPotLayout } from '../../sources/folder/t-pot-layout.js'
import type { LogFormat } from '../../telemetry/decoder.js'
import { findLogFormat } from '../../telemetry/formats.js'
import { terminalSafe } from '../../text/terminal-safe.js'
import { say } from '../terminal.js'

type Reason = PassedOverReason | 'empty' | 'no-log' | 'not-needed'

const WORDS: Readonly<Record<Reason, string>> = {
  captured: 'captured by a decoy',
  hidden: 'hidden',
  scratch: 'of editors or unfinished',
  archive: 'archives',
  link: 'symbolic links',
  special: 'sockets, pipes or devices',
  unreadable: 'unreadable',
  'too-deep': 'folders that lie too deep',
  'too-many': 'beyond the 20,000th file',
  empty: 'empty',
  'no-log': 'without a known log format',
  'not-needed': 'of T-Pot that tell nothing more',
}

/** Knows what files in folders are, and tells once of those that were passed over. */
export class FolderReport {
  readonly #layout = new TPotLayout()
  readonly #counts = new Map<Reason, number>()
  /** Programs whose files no decoder reads, with the first path and the number of files. */
  readonly #undecoded = new Map<string, { readonly path: string; count: number }>()

  /** The format of a file in a folder where its place tells it; `passed-over` where the place tells that it need not be read. */
  formatOf(path: string): LogFormat | 'passed-over' | null {
    const file = this.#layout.fileAt(path)
    if (file === null) return null
    if (file.format !== null) return findLogFormat(file.format)
    return file.because === undefined ? null : 'passed-over'
  }

  count(reason: Reason, files = 1): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + files)
  }

  countAll(passedOver: ReadonlyMap<PassedOverReason, number>): void {
    for (const [reason, files] of passedOver) this.count(reason, files)
  }

  /** Counts a file whose contents tell no format. */
  countUnrecognised(path: string): void {
    const file = this.#layout.fileAt(path)
    if (file === null) {
      this.count('no-log')
      return
    }
    const known = this.#undecoded.get(file.program)
    if (known === undefined) this.#undecoded.set(file.program, { path, count: 1 })
    else known.count++
  }

  /** Tells what was counted since the last time, each program once. */
  tell(): void {
    for (const [program, { path, count }] of this.#undecoded) {
      const files = count === 1 ? 'this file' : `this and ${count - 1} more of its files`
      say(
        `warning: ${terminalSafe(path)}: no decoder reads logs of ${program}; ${files} passed over (lines turned into 'events' can be read with --format events)`,
      )
    }
    const parts = [...this.#counts].map(([reason, count]) => `${count} ${WORDS[reason]}`)
    if (parts.length > 0) say(`passed over in folders: ${parts.join(', ')}`)
    this.#undecoded.clear()
    this.#counts.clear()
  }
}
