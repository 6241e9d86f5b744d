import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findDataFolders } from '../eval/data-folders.js'
import { writeBruteForceLog } from './logs/brute-force-log.js'
import { writeDenseLog } from './logs/dense-log.js'
import { writeFormatLog } from './logs/format-log.js'
import { writeNaturalLog } from './logs/natural-log.js'
import { writeManyRules } from './many-rules.js'

export const MANY_RULES = 3000

const WRITERS = { dense: writeDenseLog, natural: writeNaturalLog }
export type Mix = keyof typeof WRITERS

/** A temporary folder with the files that questions share, each made when it is first asked for. */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-bench-'))
  #capture: string | undefined

  /** A log of that mix with about `bytes` bytes. */
  log(mix: Mix, bytes: number): string {
    const file = join(this.folder, `${mix}-${bytes}.json`)
    if (!existsSync(file)) WRITERS[mix](file, this.capture, bytes)
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

  [Symbol.dispose](): void {
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
