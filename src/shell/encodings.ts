import { gunzipSync, inflateSync } from 'node:zlib'
import type { Encoding } from './command-views.js'
import { bytesOf, type KnownText, textOfBytes } from './known-text.js'

const BASE32_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function undone(known: KnownText, encoding: Encoding): readonly Encoding[] {
  return known.encodings.includes(encoding) ? known.encodings : [...known.encodings, encoding]
}

/** Undoes base64 (RFC 4648, both alphabets); characters outside of it are skipped, as `base64 -di` does. Null if nothing is left. */
export function decodeBase64(known: KnownText): KnownText | null {
  const bytes = Buffer.from(known.text, 'base64')
  return bytes.length === 0 ? null : textOfBytes(bytes, undone(known, 'base64'))
}

/** Undoes base32 (RFC 4648); null if a character outside of the alphabet and white space appears. */
export function decodeBase32(known: KnownText): KnownText | null {
  const bytes: number[] = []
  let buffer = 0
  let bits = 0
  for (const character of known.text.toUpperCase()) {
    if (character === '=' || character === '\n' || character === ' ' || character === '\r') continue
    const value = BASE32_ALPHABET.indexOf(character)
    if (value < 0) return null
    buffer = ((buffer << 5) | value) & 0xfff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((buffer >> bits) & 0xff)
    }
  }
  return bytes.length === 0 ? null : textOfBytes(Buffer.from(bytes), undone(known, 'base32'))
}

/** Undoes a plain hex dump (`xxd -r -p`): pairs of hex digits, white space and `\x` between them ignored; null otherwise. */
export function decodeHex(known: KnownText): KnownText | null {
  const digits = known.text.replace(/\\x|[\s:]/g, '')
  if (digits.length < 2 || !/^[0-9a-f]+$/i.test(digits)) return null
  return textOfBytes(Buffer.from(digits, 'hex'), undone(known, 'hex'))
}

export function isGzip(known: KnownText): boolean {
  return known.binary && known.text.startsWith('\x1f\x8b')
}

/** Inflates gzip or zlib bytes; null if they are neither, damaged, or inflate to more than `mostBytes`. */
export function inflate(known: KnownText, mostBytes: number): KnownText | null {
  const bytes = bytesOf(known)
  try {
    const inflated = isGzip(known)
      ? gunzipSync(bytes, { maxOutputLength: mostBytes })
      : inflateSync(bytes, { maxOutputLength: mostBytes })
    return textOfBytes(inflated, undone(known, 'gzip'))
  } catch {
    return null
  }
}

/** Reverses the characters of each line, as `rev` does. */
export function reverseLines(known: KnownText): KnownText {
  const lines = known.text.split('\n').map((line) => [...line].reverse().join(''))
  return { ...known, text: lines.join('\n'), encodings: undone(known, 'rev'), hidden: known.text.length }
}

/** Replaces the characters of `from` by those of `to`, as `tr` does; rotated letters count as hidden text. */
export function translate(known: KnownText, from: string, to: string): KnownText {
  const source = expandSet(from)
  const target = expandSet(to)
  if (source.length === 0 || target.length === 0) return known
  const map = new Map<string, string>()
  source.forEach((character, index) => {
    map.set(character, target[Math.min(index, target.length - 1)] ?? '')
  })
  const text = mapCharacters(known.text, map)
  const hides = source.some((character) => isLetter(character) && isOtherLetter(character, map.get(character) ?? ''))
  return hides ? { ...known, text, encodings: undone(known, 'rot13'), hidden: text.length } : { ...known, text }
}

/** Removes the characters of `set`, as `tr -d` does. */
export function deleteCharacters(known: KnownText, set: string): KnownText {
  const map = new Map(expandSet(set).map((character) => [character, '']))
  return { ...known, text: mapCharacters(known.text, map) }
}

function mapCharacters(text: string, map: ReadonlyMap<string, string>): string {
  let mapped = ''
  for (const character of text) mapped += map.get(character) ?? character
  return mapped
}

function isLetter(character: string): boolean {
  return /^[A-Za-z]$/.test(character)
}

function isOtherLetter(character: string, replacement: string): boolean {
  return isLetter(replacement) && replacement.toLowerCase() !== character.toLowerCase()
}

const CHARACTER_CLASSES: Readonly<Record<string, string>> = {
  '[:upper:]': 'A-Z',
  '[:lower:]': 'a-z',
  '[:digit:]': '0-9',
  '[:space:]': ' \t\n\r\v\f',
  '[:blank:]': ' \t',
}
const ESCAPED_CHARACTERS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', '\\': '\\' }

/** Spells out the ranges, classes and escapes of a `tr` set. */
function expandSet(set: string): readonly string[] {
  const characters: string[] = []
  const text = CHARACTER_CLASSES[set] ?? set
  for (let i = 0; i < text.length && characters.length < 512; i++) {
    const character = text.charAt(i)
    if (character === '\\' && i + 1 < text.length) {
      i++
      characters.push(ESCAPED_CHARACTERS[text.charAt(i)] ?? text.charAt(i))
    } else if (text.charAt(i + 1) === '-' && i + 2 < text.length) {
      const last = Math.min(text.charCodeAt(i + 2), text.charCodeAt(i) + 255)
      for (let code = text.charCodeAt(i); code <= last; code++) characters.push(String.fromCharCode(code))
      i += 2
    } else {
      characters.push(character)
    }
  }
  return characters
}
