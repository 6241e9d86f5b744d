import { T_POT_FILES, type TPotFile } from './t-pot-files.js'

/**
 * Which of T-Pot's files this is, by the last names of its path; null where it is none. The name is that of the log,
 * without what rotation adds to it.
 */
export function findTPotFile(folders: readonly string[], name: string): TPotFile | null {
  return T_POT_FILES.find(({ path }) => endsLike([...folders, name], path.split('/'))) ?? null
}

function endsLike(names: readonly string[], pattern: readonly string[]): boolean {
  const offset = names.length - pattern.length
  return offset >= 0 && pattern.every((part, index) => isLike(names[offset + index]!, part))
}

function isLike(name: string, pattern: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return name === pattern
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)]
  return name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after)
}
