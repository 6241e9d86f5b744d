import { type BigIntStats, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { PassedOverReason } from '../folder/passed-over.js'
import { rotatedName } from '../folder/rotated-name.js'
import { walkFolder } from '../folder/walk-folder.js'
import { identityOf } from './file-stamp.js'

/** A file that one look came upon. */
export interface SeenFile {
  readonly path: string
  readonly stats: BigIntStats
  /**
   * `named` by the caller; `found` in a folder; `beside` a named file, where a rotation may have put what was read of it
   * in part: nothing else of such files is of interest.
   */
  readonly role: 'named' | 'found' | 'beside'
}

export interface Look {
  readonly files: readonly SeenFile[]
  readonly passedOver: ReadonlyMap<PassedOverReason, number>
  /** Named paths at which nothing is that can be followed, with the reason. */
  readonly missing: ReadonlyMap<string, string>
}

/** Looks at what lies at the named paths now: files, and folders with all that is in them. */
export function lookAt(targets: readonly string[]): Look {
  const files = new Map<string, SeenFile>()
  const passedOver = new Map<PassedOverReason, number>()
  const missing = new Map<string, string>()
  const see = (file: SeenFile) => {
    const identity = identityOf(file.stats)
    const seen = files.get(identity)
    if (seen === undefined || (seen.role === 'beside' && file.role !== 'beside')) files.set(identity, file)
  }
  for (const path of targets) {
    const stats = statOf(path)
    if (typeof stats === 'string') missing.set(path, stats)
    else if (stats.isDirectory()) {
      const walk = walkFolder(path)
      for (const file of walk.files) see({ ...file, role: 'found' })
      for (const [reason, count] of walk.passedOver) passedOver.set(reason, (passedOver.get(reason) ?? 0) + count)
    } else if (stats.isFile()) see({ path, stats, role: 'named' })
    else missing.set(path, 'is no file or folder')
    if (typeof stats === 'string' || stats.isFile()) for (const file of filesBeside(path)) see(file)
  }
  return { files: [...files.values()], passedOver, missing }
}

function filesBeside(path: string): readonly SeenFile[] {
  const [folder, name] = [dirname(path), basename(path)]
  try {
    const names = readdirSync(folder).filter((other) => other !== name && rotatedName(other).log === name)
    return names.flatMap((other) => {
      const stats = statOf(join(folder, other))
      return typeof stats !== 'string' && stats.isFile() ? [{ path: join(folder, other), stats, role: 'beside' }] : []
    })
  } catch {
    return []
  }
}

function statOf(path: string): BigIntStats | string {
  try {
    return statSync(path, { bigint: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'is not there yet' : `cannot be looked at (${code})`
  }
}
