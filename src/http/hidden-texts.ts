/** Shorter runs of the alphabet are words, ids and hashes. */
const SHORTEST_RUN = 24
const MOST_TEXTS = 4
const MOST_RUNS = 64
/** A run may begin with parts of a path (`/Base64/…`), whose slashes belong to the alphabet. */
const MOST_STARTS = 8
const PROBE = 32
const PRINTABLE_SHARE = 0.9

const UPPER = 1
const LOWER = 2
const OTHER = 4
const MIXED = UPPER | LOWER
const CLASSES = characterClasses()

/**
 * Texts written in base64 (either alphabet, UTF-8 or UTF-16 inside) within a text whose own encoding is off, in order. Only what decodes to mostly
 * printable characters counts. At most four, together at most `budget` characters. Linear time.
 */
export function hiddenTexts(text: string, budget: number): string[] {
  const found: string[] = []
  let left = budget
  let runs = 0
  for (let start = nextRun(text, 0); start >= 0 && runs < MOST_RUNS; runs++) {
    const end = endOfRun(text, start)
    const hidden = decodeRun(text.slice(start, end), left)
    if (hidden !== null) found.push(hidden)
    left -= hidden?.length ?? 0
    if (left <= 0 || found.length === MOST_TEXTS) break
    start = nextRun(text, end)
  }
  return found
}

/**
 * Start of the next run that is long enough and mixes upper and lower case as encoded text does, or -1. Looks from the
 * end of where such a run would have to reach: one character out of the alphabet there rules out all before it.
 */
function nextRun(text: string, from: number): number {
  let start = from
  while (start + SHORTEST_RUN <= text.length) {
    let index = start + SHORTEST_RUN - 1
    while (index >= start && classOf(text, index) !== 0) index--
    if (index >= start) start = index + 1
    else {
      const end = endOfRun(text, start + SHORTEST_RUN)
      if (mixesCase(text, start, end)) return start
      start = end + 1
    }
  }
  return -1
}

function endOfRun(text: string, from: number): number {
  let end = from
  while (end < text.length && classOf(text, end) !== 0) end++
  return end
}

function mixesCase(text: string, start: number, end: number): boolean {
  let classes = 0
  for (let index = start; index < end && (classes & MIXED) !== MIXED; index++) classes |= classOf(text, index)
  return (classes & MIXED) === MIXED
}

function classOf(text: string, index: number): number {
  const code = text.charCodeAt(index)
  return code < 128 ? CLASSES[code]! : 0
}

/** Tries the run as a whole, then from each of its first slashes on, each time also up to the next slash. */
function decodeRun(run: string, limit: number): string | null {
  for (let start = 0, tries = 0; tries < MOST_STARTS && run.length - start >= SHORTEST_RUN; tries++) {
    const slash = run.indexOf('/', start)
    const hidden = decodePrintable(run.slice(start), limit)
    if (hidden !== null) return hidden
    if (slash < 0) break
    const part = slash - start >= SHORTEST_RUN ? decodePrintable(run.slice(start, slash), limit) : null
    if (part !== null) return part
    start = slash + 1
  }
  return null
}

/** Looks at the first bytes alone before it decodes the rest: most runs are no base64. */
function decodePrintable(encoded: string, limit: number): string | null {
  const probe = Buffer.from(encoded.slice(0, PROBE), 'base64')
  const isWide = probe[1] === 0 && probe[3] === 0 && probe[5] === 0
  if (!isMostlyPrintable(probe, isWide)) return null
  const bytes = Buffer.from(encoded.slice(0, Math.ceil((limit * 8) / 3)), 'base64')
  if (!isMostlyPrintable(bytes, isWide)) return null
  return bytes.toString(isWide ? 'utf16le' : 'utf8').slice(0, limit)
}

function isMostlyPrintable(bytes: Buffer, isWide: boolean): boolean {
  const step = isWide ? 2 : 1
  let printable = 0
  for (let index = 0; index < bytes.length; index += step) {
    const byte = bytes[index]!
    if ((byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13) printable++
  }
  return bytes.length > 0 && printable >= Math.ceil(bytes.length / step) * PRINTABLE_SHARE
}

function characterClasses(): Uint8Array {
  const classes = new Uint8Array(128)
  for (let code = 65; code <= 90; code++) classes[code] = UPPER
  for (let code = 97; code <= 122; code++) classes[code] = LOWER
  for (const character of '0123456789+/-_') classes[character.charCodeAt(0)] = OTHER
  return classes
}
