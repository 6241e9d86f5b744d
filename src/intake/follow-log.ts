import type { FollowListener } from '../sources/follow/follow-listener.js'
import type { SourceError } from '../sources/source-error.js'
import type { TaggingLog } from '../tagging/tolerant-tagger.js'

/** Things that are remembered as told at most. */
const MOST_TOLD = 10_000

/** Tells of files that cannot be followed, each thing once. */
export class FollowLog implements FollowListener {
  readonly #log: TaggingLog
  readonly #told = new Set<string>()

  constructor(log: TaggingLog) {
    this.#log = log
  }

  replaced(path: string): void {
    this.#log.warn({ path }, 'a file was cut off or holds something else now; it is read from its begin')
  }

  missing(path: string, reason: string): void {
    this.#once(`missing ${path}`, () => this.#log.warn({ path, reason }, 'there is nothing to follow yet'))
  }

  failed({ message }: SourceError): void {
    this.#once(message, () => this.#log.warn({ problem: message }, 'a file cannot be read'))
  }

  noLog(path: string, isNamed: boolean): void {
    if (isNamed) this.#once(`no log ${path}`, () => this.#log.warn({ path }, 'no log format fits this file'))
  }

  #once(what: string, tell: () => void): void {
    if (this.#told.has(what) || this.#told.size >= MOST_TOLD) return
    this.#told.add(what)
    tell()
  }
}
