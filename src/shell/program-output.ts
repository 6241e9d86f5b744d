import {
  decodeBase32,
  decodeBase64,
  decodeHex,
  deleteCharacters,
  inflate,
  isGzip,
  reverseLines,
  translate,
} from './encodings.js'
import { decodeEscapes } from './escapes.js'
import { concatenate, EMPTY_TEXT, type KnownText, plainText } from './known-text.js'

/** One run of a program, as far as the line tells. */
export interface Call {
  readonly args: readonly string[]
  /** What it reads on standard input, if that is known. */
  readonly input: KnownText | null
  /** What the line itself wrote to a file before. */
  readonly readFile: (path: string) => KnownText | null
  /** Most bytes that a compressed text may inflate to. */
  readonly inflatedBytes: number
}

type Program = (call: Call) => KnownText | null

const PROGRAMS: ReadonlyMap<string, Program> = new Map<string, Program>([
  ['echo', echo],
  ['printf', printf],
  ['cat', contentOf],
  ['tee', (call) => call.input],
  ['base64', (call) => (decodes(call, 'dD') ? apply(decodeBase64, contentOf(call)) : null)],
  ['base32', (call) => (decodes(call, 'dD') ? apply(decodeBase32, contentOf(call)) : null)],
  ['b64decode', (call) => apply(decodeBase64, contentOf(call))],
  ['basenc', basenc],
  ['openssl', openssl],
  ['xxd', (call) => (hasOption(call, 'r') ? apply(decodeHex, contentOf(call)) : null)],
  ['gunzip', decompress],
  ['zcat', decompress],
  ['gzip', (call) => (decodes(call, 'd') ? decompress(call) : null)],
  ['pigz', (call) => (decodes(call, 'd') ? decompress(call) : null)],
  ['zlib-flate', decompress],
  ['rev', (call) => apply(reverseLines, contentOf(call))],
  ['tr', tr],
])

/** Programs that print nothing when all goes well. */
const SILENT = new Set(
  ': cd true set unset export umask ulimit trap mkdir rmdir rm cp mv ln chmod chown chattr touch sleep kill killall pkill'.split(
    ' ',
  ),
)

/** Whether the program reads its standard input, and `outputOf` knows what it makes of it. */
export function takesInput(name: string): boolean {
  return PROGRAMS.has(name) && name !== 'echo' && name !== 'printf'
}

/** What a program prints, or null where the line does not tell. */
export function outputOf(name: string, call: Call): KnownText | null {
  const program = PROGRAMS.get(name)
  if (program !== undefined) return program(call)
  return SILENT.has(name) ? EMPTY_TEXT : null
}

function apply(decode: (known: KnownText) => KnownText | null, known: KnownText | null): KnownText | null {
  return known?.complete === true ? decode(known) : null
}

function echo(call: Call): KnownText {
  let first = 0
  let escapes = false
  let newline = true
  for (; first < call.args.length && /^-[neE]{1,8}$/.test(call.args[first] ?? ''); first++) {
    const option = call.args[first] ?? ''
    if (option.includes('e')) escapes = true
    if (option.includes('E')) escapes = false
    if (option.includes('n')) newline = false
  }
  const text = call.args.slice(first).join(' ')
  const printed = escapes && text.includes('\\') ? decodeEscapes(text) : plainText(text)
  return newline ? { ...printed, text: `${printed.text}\n` } : printed
}

function printf(call: Call): KnownText | null {
  const args = call.args[0] === '--' ? call.args.slice(1) : call.args
  const format = args[0]
  if (format === undefined || format.startsWith('-')) return null
  let printed = EMPTY_TEXT
  let next = 1
  do {
    const round = formatOnce(format, args, next)
    if (round === null) return null
    printed = concatenate(printed, round.text)
    if (round.next === next) break
    next = round.next
  } while (next < args.length && printed.text.length < 8192)
  return printed
}

/** One pass over a `printf` format. Null for a directive that is not plain enough to be known. */
function formatOnce(
  format: string,
  args: readonly string[],
  from: number,
): { readonly text: KnownText; readonly next: number } | null {
  let printed = EMPTY_TEXT
  let next = from
  let start = 0
  for (let at = format.indexOf('%'); at >= 0; at = format.indexOf('%', start)) {
    printed = concatenate(printed, decodeEscapes(format.slice(start, at)))
    const directive = format.charAt(at + 1)
    const value = directive === '%' ? '%' : formatValue(directive, args[next] ?? '')
    if (value === null) return null
    if (directive !== '%') next++
    printed = concatenate(printed, typeof value === 'string' ? plainText(value) : value)
    start = at + 2
  }
  return { text: concatenate(printed, decodeEscapes(format.slice(start))), next }
}

function formatValue(directive: string, value: string): KnownText | string | null {
  if (directive === 's') return value
  if (directive === 'b') return decodeEscapes(value)
  if (directive === 'c') return value.charAt(0)
  const number = /^\d{1,15}$/.test(value) ? Number(value) : null
  if (number === null) return null
  if (directive === 'd' || directive === 'i' || directive === 'u') return String(number)
  if (directive === 'x') return number.toString(16)
  if (directive === 'o') return number.toString(8)
  return null
}

/** Files named on the command line where the line wrote them itself, else standard input. */
function contentOf(call: Call): KnownText | null {
  const files = call.args.filter((arg) => !arg.startsWith('-') || arg === '-')
  if (files.length === 0) return call.input
  let content = EMPTY_TEXT
  for (const file of files) {
    const known = file === '-' || file === '/dev/stdin' ? call.input : call.readFile(file)
    if (known === null) return null
    content = concatenate(content, known)
  }
  return content
}

function hasOption(call: Call, letters: string): boolean {
  return call.args.some(
    (arg) => arg.startsWith('-') && !arg.startsWith('--') && [...letters].some((l) => arg.includes(l)),
  )
}

function decodes(call: Call, letters: string): boolean {
  return hasOption(call, letters) || call.args.some((arg) => arg === '--decode' || arg === '--decompress')
}

function basenc(call: Call): KnownText | null {
  if (!decodes(call, 'dD')) return null
  if (call.args.includes('--base32')) return apply(decodeBase32, contentOf(call))
  if (call.args.includes('--base16')) return apply(decodeHex, contentOf(call))
  return apply(decodeBase64, contentOf(call))
}

/** `openssl base64 -d` and `openssl enc -base64 -d`; with a cipher nothing is known. */
function openssl(call: Call): KnownText | null {
  const [command, ...options] = call.args
  const isBase64 =
    command === 'base64' || (command === 'enc' && (options.includes('-base64') || options.includes('-a')))
  const encrypted = options.some((option) => /^-(?:aes|des|camellia|chacha|rc4|k$|pass$|K$)/.test(option))
  if (!isBase64 || encrypted || !options.includes('-d')) return null
  const file = options.indexOf('-in')
  return apply(decodeBase64, file < 0 ? call.input : call.readFile(options[file + 1] ?? ''))
}

function decompress(call: Call): KnownText | null {
  const content = contentOf(call)
  return content?.binary === true && content.complete ? inflate(content, call.inflatedBytes) : null
}

function tr(call: Call): KnownText | null {
  if (call.input?.complete !== true) return null
  const options = call.args.filter((arg) => /^-[cCdst]{1,4}$/.test(arg))
  const sets = call.args.slice(options.length)
  if (options.length === 0) return translate(call.input, sets[0] ?? '', sets[1] ?? '')
  return options.join('') === '-d' ? deleteCharacters(call.input, sets[0] ?? '') : null
}

/** The text inside, if a decoded text turns out to be compressed; else the text itself. */
export function decompressed(known: KnownText, mostBytes: number): KnownText {
  return isGzip(known) ? (inflate(known, mostBytes) ?? known) : known
}
