import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The path of a file that this package ships, such as `packagePath('rules', 'ttp')`: the same whether the code runs from
 * `src/`, from `dist/` or from a bundle.
 */
export function packagePath(...parts: readonly string[]): string {
  root ??= findRoot(dirname(fileURLToPath(import.meta.url)))
  return join(root, ...parts)
}

let root: string | undefined

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error('the package of decnet-ttp is not whole: no package.json above its code')
  return findRoot(parent)
}
