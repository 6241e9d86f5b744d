import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { maskSecrets } from '../../text/mask-secrets.js'
import { DatabaseError } from '../database-error.js'

const MEMORY = ':memory:'
const SCHEME = 'sqlite:'

/**
 * The file that a URL names: `sqlite:tags.db`, `sqlite:/var/lib/tags.db`, `sqlite:///var/lib/tags.db`, or
 * `sqlite::memory:` for a database that lives as long as it is open. A plain path is taken as it is.
 * @throws DatabaseError if nothing can be opened there
 */
export function sqliteLocation(url: string): string {
  const path = url.startsWith(SCHEME) ? url.slice(SCHEME.length).replace(/^\/\//, '') : url
  if (path === MEMORY) return MEMORY
  if (path === '' || /^[a-z]+:\/\//i.test(path)) {
    throw new DatabaseError('bad-url', `"${maskSecrets(url)}" names no SQLite file.`, {
      remedy: 'Write it as sqlite:PATH.',
    })
  }
  const file = resolve(path)
  if (!existsSync(dirname(file))) {
    const remedy = `Create the folder first: mkdir -p ${dirname(file)}`
    throw new DatabaseError('no-such-directory', `The folder of ${file} does not exist.`, { remedy })
  }
  if (existsSync(file) && statSync(file).isDirectory()) {
    throw new DatabaseError('is-directory', `${file} is a folder.`, { remedy: 'Name a file in it.' })
  }
  return file
}
