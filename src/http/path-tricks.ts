const BACKSLASH_TRAVERSAL = /\.\.\\|\\\.\./
const PARAMETER_AFTER_DOTS = /\.\.;(?=\/)/g
const HERE = /(?:\/\.)+(?=\/)/g
/** Not the slashes of `http://` and `file:///`. */
const REPEATED_SLASH = /(?<![:/])\/{2,}/g

/**
 * Makes every spelling of a path the plain one: `\` for `/`, `/./`, `//` and `/..;/`. The traversal `../` itself stays, since
 * it is what a rule looks for. Never longer than the text.
 *
 * @param isPath whether the whole text is a path; elsewhere backslashes become slashes only where they traverse one
 */
export function foldPathTricks(text: string, isPath: boolean): string {
  const slashed = isPath || BACKSLASH_TRAVERSAL.test(text) ? text.replaceAll('\\', '/') : text
  if (!slashed.includes('/')) return slashed
  return slashed.replace(PARAMETER_AFTER_DOTS, '..').replace(HERE, '').replace(REPEATED_SLASH, '/')
}
