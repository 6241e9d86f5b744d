import { createRequire } from 'node:module'
import { packagePath } from '../config/package-path.js'

/** The version of this package. */
export function packageVersion(): string {
  const { version } = createRequire(import.meta.url)(packagePath('package.json')) as { version: string }
  return version
}
