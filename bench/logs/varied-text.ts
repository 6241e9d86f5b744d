import { createHash } from 'node:crypto'

/**
 * A text with everything marked that differs from attack to attack: session ids, addresses, host names, names of
 * dropped files. Filled in anew for each copy, so that a log made of copies repeats commands no more than a real one.
 */
export class VariedText {
  readonly #pieces: readonly string[]

  /** @param fileNames invented names of files in the text, which each copy has its own of */
  constructor(text: string, fileNames: ReadonlySet<string>) {
    const names = [...fileNames].map(escapeForPattern).join('|') || '(?!)'
    const varying = new RegExp(`(${SESSION}|${ADDRESS}|${HOST}|(?<![A-Za-z0-9_])(?:${names})(?![A-Za-z0-9_]))`)
    this.#pieces = text.split(varying)
  }

  /** The text of copy `copy`; a name that stands twice is replaced alike. */
  fill(copy: number): string {
    const known = new Map<string, string>()
    return this.#pieces
      .map((piece, index) => {
        if (index % 2 === 0) return piece
        let replacement = known.get(piece)
        if (replacement === undefined) {
          replacement = vary(piece, copy)
          known.set(piece, replacement)
        }
        return replacement
      })
      .join('')
  }
}

const SESSION = '\\b[0-9a-f]{12}\\b'
/** Carrier-grade and documentation ranges: what the capture uses for the internet. */
const ADDRESS = '\\b(?:100\\.\\d+|192\\.0|198\\.51|203\\.0)\\.\\d+\\.\\d+\\b'
const HOST = '\\b[a-z0-9-]+(?=\\.example\\.(?:com|net|org)\\b)'

/** Names that the capture's attackers gave their files: what follows a URL's host, and busybox tokens. */
export function inventedNames(text: string): ReadonlySet<string> {
  const names = new Set<string>()
  for (const [, name] of text.matchAll(/https?:\/\/[^\s/"'\\]+\/([a-z]{4,8})\b/g)) names.add(name!)
  for (const [, name] of text.matchAll(/busybox ([A-Z]{5})\b/g)) names.add(name!)
  return names
}

function vary(piece: string, copy: number): string {
  const digest = createHash('sha1').update(`${copy} ${piece}`).digest()
  if (/^[0-9a-f]{12}$/.test(piece)) return digest.toString('hex', 0, 6)
  if (/^\d+\.\d+\.\d+\.\d+$/.test(piece)) return `100.${64 + (digest[0]! & 63)}.${digest[1]}.${digest[2]}`
  const letters = [...digest.subarray(0, piece.length)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('')
  return piece === piece.toUpperCase() ? letters.toUpperCase() : letters
}

function escapeForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
