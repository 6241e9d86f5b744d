import { statSync } from 'node:fs'
import { walkFolder } from '../../sources/folder/walk-folder.js'
import type { FolderReport } from './folder-report.js'

/** A file to be tagged. */
export interface TagSource {
  readonly path: string
  /** The folder that it was found in; null where it was named itself, so that what is wrong with it is an error. */
  readonly folder: string | null
  /** Whether it was found in another folder before. */
  readonly isRepeated: boolean
}

/** Whether a path that was named is a folder; one that cannot be looked at is none, and opening it will say why. */
export function isFolder(path: string): boolean {
  try {
    return path !== '-' && statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** Every file that is meant by the paths, folders with all that is in them, in an order that follows from the names. */
export function* expandPaths(paths: readonly string[], report: FolderReport): Generator<TagSource> {
  const seen = new Set<string>()
  for (const path of paths) {
    if (!isFolder(path)) {
      yield { path, folder: null, isRepeated: false }
      continue
    }
    const { files, passedOver } = walkFolder(path)
    report.countAll(passedOver)
    for (const { path: found, stats } of files) {
      const identity = `${stats.dev}:${stats.ino}`
      yield { path: found, folder: path, isRepeated: seen.has(identity) }
      seen.add(identity)
    }
  }
}
