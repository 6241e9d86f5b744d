import { type BigIntStats, type Dirent, lstatSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { filePassedOver, folderPassedOver, type PassedOverReason } from './passed-over.js'
import { byLogAndAge } from './rotated-name.js'

/** A regular file that was found in a folder. */
export interface FoundFile {
  readonly path: string
  readonly stats: BigIntStats
}

export interface FolderWalk {
  /** By log, the oldest of a log first. Each file once, whatever names it has. */
  readonly files: readonly FoundFile[]
  /** How many were passed over, by reason. */
  readonly passedOver: ReadonlyMap<PassedOverReason, number>
}

export interface WalkLimits {
  /** How many folders below each other are gone into. */
  readonly depth: number
  /** How many files are looked at, in this folder and below. */
  readonly files: number
}

const LIMITS: WalkLimits = { depth: 16, files: 20_000 }

/**
 * Finds the files of a folder and of those in it. Symbolic links are not followed: what they lead to inside the folder is
 * found by itself, and what is outside was not asked for. What is unreadable is counted, never thrown.
 */
export function walkFolder(root: string, limits: WalkLimits = LIMITS): FolderWalk {
  const walk = new Walk(limits)
  walk.enter(root, 0)
  return walk.result()
}

class Walk {
  readonly #limits: WalkLimits
  readonly #files = new Map<string, FoundFile>()
  readonly #passedOver = new Map<PassedOverReason, number>()

  constructor(limits: WalkLimits) {
    this.#limits = limits
  }

  result(): FolderWalk {
    const files = [...this.#files.values()].sort((one, other) => byLogAndAge(one.path, other.path))
    return { files, passedOver: this.#passedOver }
  }

  enter(folder: string, depth: number): void {
    const entries = this.#list(folder)
    const isMaildir = ['cur', 'new'].every((name) => entries.some((entry) => entry.name === name))
    for (const entry of entries) {
      // What a mail server is still writing.
      if (isMaildir && entry.name === 'tmp') this.#passOver('scratch')
      else this.#look(folder, entry, depth)
    }
  }

  #look(folder: string, entry: Dirent, depth: number): void {
    const path = join(folder, entry.name)
    const reason = this.#reason(folder, entry, depth)
    if (reason !== null) this.#passOver(reason)
    else if (entry.isDirectory()) this.enter(path, depth + 1)
    else this.#take(path)
  }

  #reason(folder: string, entry: Dirent, depth: number): PassedOverReason | null {
    if (entry.isSymbolicLink()) return 'link'
    if (entry.isDirectory()) {
      return folderPassedOver(entry.name, basename(folder)) ?? (depth < this.#limits.depth ? null : 'too-deep')
    }
    if (!entry.isFile()) return 'special'
    return filePassedOver(entry.name) ?? (this.#files.size < this.#limits.files ? null : 'too-many')
  }

  #take(path: string): void {
    try {
      const stats = lstatSync(path, { bigint: true })
      const identity = `${stats.dev}:${stats.ino}`
      if (stats.isFile() && !this.#files.has(identity)) this.#files.set(identity, { path, stats })
    } catch {
      // It went away just now.
    }
  }

  /** In the order of names, so that limits cut the same everywhere. */
  #list(folder: string): readonly Dirent[] {
    try {
      const entries = readdirSync(folder, { withFileTypes: true })
      return entries.sort((one, other) => (one.name < other.name ? -1 : 1))
    } catch {
      this.#passOver('unreadable')
      return []
    }
  }

  #passOver(reason: PassedOverReason): void {
    this.#passedOver.set(reason, (this.#passedOver.get(reason) ?? 0) + 1)
  }
}
