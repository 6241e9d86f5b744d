import type { Obfuscation } from './command-views.js'
import { fileOfPattern, LONGEST_PATTERN, programOfPattern } from './program-paths.js'

/** Detours count as a disguise only where they lead into the system; elsewhere they are ordinary sloppiness. */
const SYSTEM_PATH = /^\/(?:bin|sbin|usr|etc|proc|dev|root|var|lib)\//

/**
 * Replaces, in place, wildcards that can mean only one known program or file by what they mean, and takes `/./` and
 * `x/../` out of absolute paths. Answers the tricks that were undone.
 */
export function undisguisePaths(argv: string[], isWildcard: (index: number) => boolean): readonly Obfuscation[] {
  const tricks: Obfuscation[] = []
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? ''
    const meant = word.length <= LONGEST_PATTERN && isWildcard(index) ? meaningOf(word, index === 0) : null
    if (meant !== null) {
      argv[index] = meant
      if (index === 0 || word.includes('?')) tricks.push('wildcard_path')
    } else if (word.charCodeAt(0) === 0x2f && word.includes('/.')) {
      const direct = withoutDetours(word)
      argv[index] = direct
      if (direct !== word && SYSTEM_PATH.test(direct)) tricks.push('path_detour')
    }
  }
  return tricks
}

function meaningOf(pattern: string, isProgram: boolean): string | null {
  if (isProgram) return /[a-z/]/i.test(pattern.replace(/\[[^\]]*\]/g, '')) ? programOfPattern(pattern) : null
  return pattern.startsWith('/') ? fileOfPattern(pattern) : null
}

/** Takes `/./` and `x/../` out of an absolute path; a word that is not plainly a path stays. */
function withoutDetours(path: string): string {
  if (!/^[A-Za-z0-9_./-]{1,256}$/.test(path)) return path
  if (!path.includes('/./') && !path.includes('/../')) return path
  const kept: string[] = []
  for (const component of path.split('/').slice(1)) {
    if (component === '..') kept.pop()
    else if (component !== '.') kept.push(component)
  }
  return `/${kept.join('/')}`
}
