import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findDataFolders } from '../eval/data-folders.js'
import { writeBruteForceLog } from './logs/brute-force-log.js'
import { writeDenseLog } from './logs/dense-log.js'
import { writeFormatLog } from './logs/format-log.js'
import { writeLiveLog } from './logs/live-log.js'
import { writeNaturalLog } from './logs/natural-log.js'
import { writeManyRules } from './many-rules.js'

export const MANY_RULES = 3000

const WRITERS = { dense: writeDenseLog, natural: writeNaturalLog }
export type Mix = keyof typeof WRITERS

/**
 * A temporary folder with the files that questions share, each made when it is first asked for, and whatever else must not
 * outlive a run.
 */
export class Workspace implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-bench-'))
  /** Where services leave profiles of themselves; undefined for none. */
  readonly profiles: string | undefined
  readonly #owned: AsyncDisposable[] = []
  #capture: string | undefined
  #disposed: Promise<void> | undefined

  constructor(profiles?: string) {
    this.profiles = profiles
  }

  /** Disposes of something at the end, if nobody has done so before. */
  own<Owned extends AsyncDisposable>(owned: Owned): Owned {
    this.#owned.push(owned)
    return owned
  }

  /** A log of that mix with about `bytes` bytes. */
  log(mix: Mix, bytes: number): string {
    const file = join(this.folder, `${mix}-${bytes}.json`)
    if (!existsSync(file)) WRITERS[mix](file, this.capture, bytes)
    return file
  }

  /** The same as sensors tell it to this day: in the order of time, up to `end` in milliseconds since 1970. */
  async liveLog(mix: Mix, bytes: number, end = Date.now()): Promise<string> {
    const file = join(this.folder, `live-${mix}-${bytes}.json`)
    if (!existsSync(file)) await writeLiveLog(file, [this.log(mix, bytes)], end)
    return file
  }

  /** A log of so many attackers who guess passwords. */
  bruteForceLog(attackers: number): string {
    const file = join(this.folder, `brute-force-${attackers}.json`)
    if (!existsSync(file)) writeBruteForceLog(file, this.capture, attackers)
    return file
  }

  /** A log of that format with about `bytes` bytes. */
  formatLog(format: string, bytes: number): string {
    const file = join(this.folder, `${format}-${bytes}.log`)
    if (!existsSync(file)) writeFormatLog(file, format, bytes)
    return file
  }

  /** A folder with the shipped rules among many. */
  manyRules(): string {
    const folder = join(this.folder, 'rules')
    if (!existsSync(folder)) writeManyRules(folder, MANY_RULES)
    return folder
  }

  /** The text of our own capture. */
  get capture(): string {
    this.#capture ??= readCapture()
    return this.#capture
  }

  /** Deletes one file early: the big ones should not lie around longer than they are needed. */
  discard(file: string): void {
    rmSync(file, { force: true })
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose()
    return this.#disposed
  }

  async #dispose(): Promise<void> {
    for (const owned of this.#owned.reverse()) {
      await owned[Symbol.asyncDispose]().then(undefined, (error) => console.error('something is left:', error))
    }
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function readCapture(): string {
  const { capture } = findDataFolders()
  const file = capture === null ? null : join(capture, 'cowrie.json')
  if (file === null || !existsSync(file))
    throw new Error('the capture is not here: set DECNET_TTP_EVAL_DATA to its folder')
  return readFileSync(file, 'utf8')
}
