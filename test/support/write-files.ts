import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Makes a folder with these files in it; answers its path. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}
