import type { Obfuscation } from './command-views.js'
import type { KnownText } from './known-text.js'

/** How a word was written, as far as it says something about a disguise. One per word that is not plain. */
export interface WordTraits {
  /** Quote marks with letters or digits on both sides that quote nothing needing it: two in `w""get`. */
  quoteSplits: number
  /** Backslashes before a letter, in the middle of a word. */
  backslashSplits: number
  /** `$'…'` that writes printable characters as codes. */
  ansiString: boolean
  /** Field separators taken from `$IFS`, or a split at an IFS that the line set. */
  ifsSplit: boolean
  /** Came out of a `{a,b}` list. */
  braceList: boolean
  /** Places where a variable's value meets other letters of the same word. */
  joins: number
  /** Those of `joins` where two variables meet, or an expansion to nothing. */
  variableJoins: number
  /** Part of it is what a known command substitution prints. */
  substituted: boolean
  /** Has unquoted `*`, `?` or `[`. */
  wildcard: boolean
  /** Part of it cannot be known and stays as it is spelled. */
  unknown: boolean
  /** Hidden text that it holds. */
  hidden: KnownText | null
  /** Segments of the substitutions inside it: first index and the one after the last. */
  innerFrom: number
  innerTo: number
  /** Whether one of those is a process substitution, which is a pipe. */
  processSubstitution: boolean
}

export function newTraits(): WordTraits {
  return {
    quoteSplits: 0,
    backslashSplits: 0,
    ansiString: false,
    ifsSplit: false,
    braceList: false,
    joins: 0,
    variableJoins: 0,
    substituted: false,
    wildcard: false,
    unknown: false,
    hidden: null,
    innerFrom: 0,
    innerTo: 0,
    processSubstitution: false,
  }
}

/**
 * Which tricks a word shows. The word that names the program is judged strictly; in an argument only what no plain writer
 * does counts, because `-p"secret"`, `file"$i".txt` and `DOMAIN\user` are ordinary.
 */
export function tricksOf(traits: WordTraits, text: string, isProgram: boolean): readonly Obfuscation[] {
  const tricks: Obfuscation[] = []
  const isPath = text.startsWith('/')
  if (traits.quoteSplits >= (isProgram || isPath ? 1 : 2)) tricks.push('quote_splitting')
  if (traits.backslashSplits > 0 && (isProgram || isPath)) tricks.push('backslash_splitting')
  if (traits.ansiString) tricks.push('ansi_c_string')
  if (traits.ifsSplit) tricks.push('ifs_separator')
  if (isProgram ? traits.joins > 0 : traits.variableJoins > 0 && isPath) tricks.push('variable_splitting')
  if (isProgram && traits.braceList) tricks.push('brace_list')
  if (isProgram && traits.substituted) tricks.push('command_substitution')
  return tricks
}

/** Counts quote marks and backslashes that split a word where no plain writer would; `raw` is the word as typed. */
export function countSplits(raw: string, traits: WordTraits): void {
  let index = 0
  let before = ''
  while (index < raw.length) {
    const character = raw.charAt(index)
    if (character === '\\') {
      const next = raw.charAt(index + 1)
      if (isWordCharacter(before) && isWordCharacter(next)) traits.backslashSplits++
      before = next
      index += 2
    } else if (character === "'" || character === '"') {
      const close = closingQuote(raw, index)
      const content = raw.slice(index + 1, close)
      countRegion(traits, before, content, raw.slice(close + 1, close + 3))
      before = content === '' ? before : content.charAt(content.length - 1)
      index = close + 1
    } else {
      before = character
      index++
    }
  }
}

function countRegion(traits: WordTraits, before: string, content: string, rest: string): void {
  if (!/^[A-Za-z0-9_./-]*$/.test(content)) return
  const after = rest.startsWith('"') || rest.startsWith("'") || rest.startsWith('\\') ? rest.charAt(1) : rest.charAt(0)
  if (content === '') {
    if (isWordCharacter(before) && isWordCharacter(after)) traits.quoteSplits += 2
    return
  }
  if (isWordCharacter(before) && isWordCharacter(content.charAt(0))) traits.quoteSplits++
  if (isWordCharacter(content.charAt(content.length - 1)) && isWordCharacter(after)) traits.quoteSplits++
}

function closingQuote(raw: string, open: number): number {
  const quote = raw.charAt(open)
  let index = open + 1
  while (index < raw.length && raw.charAt(index) !== quote) {
    if (quote === '"' && raw.charAt(index) === '\\') index++
    index++
  }
  return Math.min(index, raw.length)
}

export function isLetter(character: string): boolean {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
}

export function isWordCharacter(character: string): boolean {
  return isLetter(character) || (character >= '0' && character <= '9')
}
