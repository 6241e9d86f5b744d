import type { ScannedCommand, ScannedWord } from './command-scan.js'
import { programName } from './option-values.js'
import { insideQuotes, type SecretSpan } from './secret-span.js'

type ChooseWords = (words: readonly ScannedWord[]) => readonly ScannedWord[]

/** Programs that take a secret as a plain word: how to tell which of the words after the program it is. */
const SECRET_WORDS: ReadonlyMap<string, ChooseWords> = new Map<string, ChooseWords>([
  ['openssl', (words) => plainWords(after(words, 'passwd'))],
  ['mkpasswd', (words) => plainWords(words)],
  ['htpasswd', (words) => (words.some((word) => /^-\w*b/.test(word.plain)) ? plainWords(words).slice(-1) : [])],
  ['mysqladmin', (words) => after(words, 'password').slice(-1)],
  ['send', (words) => plainWords(words)],
  ['net', (words) => [...plainWords(after(words, 'user')).slice(1, 2), ...plainWords(after(words, 'use')).slice(1)]],
])

/** Secrets that are plain words of one simple command: `openssl passwd X`, `htpasswd -b file user X`, `net user u X`. */
export function* findPositionalSecrets(text: string, command: ScannedCommand): Generator<SecretSpan> {
  for (const [index, word] of command.words.entries()) {
    const choose = SECRET_WORDS.get(programName(word))
    if (!choose) continue
    for (const chosen of choose(command.words.slice(index + 1))) yield insideQuotes(text, chosen.start, chosen.end)
    return
  }
}

/** The words that are neither options, nor the value of a one-letter or long option before them, nor redirections. */
function plainWords(words: readonly ScannedWord[]): readonly ScannedWord[] {
  return words.filter((word, index) => !isOption(word) && !takesValue(words[index - 1]))
}

function isOption(word: ScannedWord): boolean {
  return /^[-/<>]|^\d?$/.test(word.plain)
}

/** Options of the programs above that are followed by a value which is no secret. */
function takesValue(word: ScannedWord | undefined): boolean {
  return word !== undefined && /^(?:-salt|-in|-out|-m|-S|-R|--method|--rounds|-rand|[<>]+)$/.test(word.plain)
}

function after(words: readonly ScannedWord[], name: string): readonly ScannedWord[] {
  const index = words.findIndex((word) => word.plain.toLowerCase() === name)
  return index < 0 ? [] : words.slice(index + 1)
}
