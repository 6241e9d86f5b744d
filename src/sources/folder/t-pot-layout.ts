import { readdirSync } from 'node:fs'
import { basename, dirname, resolve, sep } from 'node:path'
import { findTPotFile } from '../../telemetry/t-pot/find-t-pot-file.js'
import { T_POT_FILES, type TPotFile } from '../../telemetry/t-pot/t-pot-files.js'
import { rotatedName } from './rotated-name.js'

/** A folder with so many folders of T-Pot's programs in it is its data folder. */
const LEAST_PROGRAMS = 3
const PROGRAM_FOLDERS: ReadonlySet<string> = new Set(T_POT_FILES.map(({ path }) => path.split('/', 1)[0]!))

/** Knows the files that lie in T-Pot's data folder, wherever that is, by where they lie in it. */
export class TPotLayout {
  readonly #isDataFolder = new Map<string, boolean>()

  /** Null for a file that T-Pot's own programs do not write, and for all that lies elsewhere. */
  fileAt(path: string): TPotFile | null {
    const whole = resolve(path)
    const file = findTPotFile(dirname(whole).split(sep), rotatedName(basename(whole)).log)
    if (file === null) return null
    const dataFolder = file.path.split('/').reduce((folder) => dirname(folder), whole)
    return this.#holdsPrograms(dataFolder) ? file : null
  }

  #holdsPrograms(folder: string): boolean {
    const known = this.#isDataFolder.get(folder)
    if (known !== undefined) return known
    const holds = namesIn(folder).filter((name) => PROGRAM_FOLDERS.has(name)).length >= LEAST_PROGRAMS
    this.#isDataFolder.set(folder, holds)
    return holds
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
