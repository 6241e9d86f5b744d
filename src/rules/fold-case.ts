const BEYOND_ASCII = /[^\0-\x7f]/

/** One text for all that RE2 takes for equal when it ignores case; upper case first joins letters such as ſ and s. */
export function foldCase(text: string): string {
  return BEYOND_ASCII.test(text) ? text.toUpperCase().toLowerCase() : text.toLowerCase()
}
