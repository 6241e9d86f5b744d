import type { FollowListener } from '../../../sources/follow/follow-listener.js'
import type { SourceError } from '../../../sources/source-error.js'
import { logFormats } from '../../../telemetry/formats.js'
import { terminalSafe } from '../../../text/terminal-safe.js'
import { say } from '../../terminal.js'
import type { FolderReport } from '../folder-report.js'

/** Things that were told are remembered up to this number. */
const MOST_TOLD = 10_000

/** Tells what happens to followed files; what lasts is told once. */
export class FollowNotices implements FollowListener {
  readonly #folders: FolderReport
  readonly #told = new Set<string>()
  #isFirstLook = true
  /** Whether files that were there from the first may not have been judged yet. */
  #isSurveying = true

  constructor(folders: FolderReport) {
    this.#folders = folders
  }

  replaced(path: string): void {
    say(
      `note: ${terminalSafe(path)} was cut off or holds something else; what was written to it since the last look is lost unless a copy lies beside it`,
    )
  }

  missing(path: string, reason: string): void {
    // Later it is a rotation that is under way.
    if (this.#isFirstLook) say(`note: ${terminalSafe(path)} ${reason}; waiting for it`)
  }

  failed(error: SourceError): void {
    this.#once(`warning: ${terminalSafe(error.message)}`)
  }

  noLog(path: string, isNamed: boolean): void {
    if (isNamed) {
      const known = logFormats.map(({ name }) => name).join(', ')
      this.#once(
        `warning: ${terminalSafe(path)}: no known log format fits its lines so far; name it with --format (${known})`,
      )
    } else if (!this.#told.has(path)) {
      this.#remember(path)
      this.#folders.countUnrecognised(path)
    }
  }

  /**
   * Tells what was passed over of what is there from the first.
   *
   * @param waits whether files were left for a later look
   */
  endLook(waits: boolean): void {
    if (this.#isSurveying) this.#folders.tell()
    this.#isSurveying &&= waits
    this.#isFirstLook = false
  }

  #once(message: string): void {
    if (this.#told.has(message)) return
    this.#remember(message)
    say(message)
  }

  #remember(thing: string): void {
    if (this.#told.size >= MOST_TOLD) this.#told.clear()
    this.#told.add(thing)
  }
}
