import { type FSWatcher, lstatSync, readlinkSync, statSync, watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'

/** Most links that are followed from the folder's path to the folder. */
const MOST_LINKS = 16

/**
 * Hints that something in a folder may have changed: the name in it, or null where that is not known. Hints may be
 * missing, late, doubled or wrong, so whoever hears one looks for himself. Also hints where the folder itself is replaced
 * or a symbolic link on the way to it is pointed elsewhere.
 */
export class FolderWatch {
  readonly #path: string
  readonly #onHint: (name: string | null) => void
  #watchers: FSWatcher[] = []
  #watched = ''

  constructor(path: string, onHint: (name: string | null) => void) {
    this.#path = resolve(path)
    this.#onHint = onHint
  }

  /** Watches what the path leads to now. To be called again from time to time: it does nothing while that is the same. */
  renew(): void {
    const links = linksOf(this.#path)
    const target = `${folderIdentity(this.#path)} ${links.join(' ')}`
    if (target === this.#watched) return
    this.close()
    this.#watched = target
    this.#watch(this.#path, (name) => this.#onHint(name))
    for (const link of links) {
      this.#watch(dirname(link), (name) => {
        if (name === null || name === basename(link)) this.#onHint(null)
      })
    }
  }

  close(): void {
    for (const watcher of this.#watchers.splice(0)) watcher.close()
    this.#watched = ''
  }

  #watch(folder: string, onName: (name: string | null) => void): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => onName(name))
      watcher.on('error', () => {
        this.close()
        this.#onHint(null)
      })
      this.#watchers.push(watcher)
    } catch {
      // Nothing to watch there now: the periodic look finds out when there is.
      this.#watched = ''
    }
  }
}

/** The path itself and every further link on the way to the folder, so far as they are symbolic links. */
function linksOf(path: string): readonly string[] {
  const links: string[] = []
  let current = path
  try {
    while (links.length < MOST_LINKS && lstatSync(current).isSymbolicLink()) {
      links.push(current)
      current = resolve(dirname(current), readlinkSync(current))
    }
  } catch {
    // The chain ends where nothing is.
  }
  return links
}

function folderIdentity(path: string): string {
  try {
    const { dev, ino } = statSync(path)
    return `${dev}:${ino}`
  } catch {
    return 'none'
  }
}
