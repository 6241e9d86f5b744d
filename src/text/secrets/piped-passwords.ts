import type { ScannedCommand, ScannedWord } from './command-scan.js'
import { programName } from './option-values.js'
import { insideQuotes, type SecretSpan } from './secret-span.js'

/** Programs that read passwords from their input. */
const READERS = new Set([
  'passwd',
  'chpasswd',
  'newusers',
  'smbpasswd',
  'vncpasswd',
  'cryptsetup',
  'su',
  'kinit',
  'mkpasswd',
])
/** Programs that read one only if they are asked to. */
const READER_OPTIONS: ReadonlyMap<string, RegExp> = new Map([
  ['sudo', /^-\w*S|^--stdin$/],
  ['openssl', /^(?:-stdin|stdin|fd:0)$/],
  ['docker', /^--password-stdin$/],
  ['podman', /^--password-stdin$/],
  ['htpasswd', /^-\w*i/],
  ['gpg', /^--passphrase-fd/],
])
/** Readers whose lines are `user:password`, so that the user can stay. */
const PAIR_READERS = new Set(['chpasswd', 'newusers'])
const WRITERS = new Set(['echo', 'printf', 'yes', 'print'])
const WRAPPERS = new Set([
  'sudo',
  'doas',
  'busybox',
  'env',
  'nohup',
  'command',
  'exec',
  'time',
  'nice',
  'setsid',
  'which',
])
const PIPE = /(?:^|[^|])\|(?!\|)/
const USER_PREFIX = /^\\?[A-Za-z_][\w.$-]{0,63}:/

/** What one line hands to programs that read passwords: by pipe, by here-string, by here-document. */
export function* findPipedPasswords(text: string, commands: readonly ScannedCommand[]): Generator<SecretSpan> {
  let pairsAreRead = false
  let covered = 0
  for (const [index, command] of commands.entries()) {
    const reader = readerName(command)
    if (reader === null) continue
    pairsAreRead ||= PAIR_READERS.has(reader)
    if (command.words[0]!.start < covered) continue
    for (const secret of hereSecrets(text, command, commands[index + 1])) {
      covered = Math.max(covered, secret.end)
      yield secret
    }
  }
  yield* fedSecrets(text, commands)
  if (!pairsAreRead) return
  for (const command of commands) yield* writtenSecrets(text, command, true)
}

/** The name of the program if it reads passwords from its input, else null. */
function readerName({ words }: ScannedCommand): string | null {
  for (const [index, word] of words.slice(0, 8).entries()) {
    const name = programName(word)
    if (READER_OPTIONS.get(name) && words.slice(index + 1).some((next) => READER_OPTIONS.get(name)!.test(next.plain)))
      return name
    if (READERS.has(name)) return word.plain.startsWith('/etc/') ? null : name
    if (!WRAPPERS.has(name) && !/^-|=/.test(word.plain) && !/^-[ugn]$/.test(words[index - 1]?.plain ?? '')) return null
  }
  return null
}

/** Walks a line from its end and masks what the commands before a reader write, groups `(a; b) |` included. */
function* fedSecrets(text: string, commands: readonly ScannedCommand[]): Generator<SecretSpan> {
  let feeds = false
  let groups = 0
  for (let index = commands.length - 1; index >= 0; index--) {
    const command = commands[index]!
    if (feeds) yield* writtenSecrets(text, command, false)
    const isPiped = PIPE.test(command.operators)
    groups = Math.max(0, groups + (feeds || isPiped ? groupDepth(command.operators) : 0))
    feeds = isPiped ? feeds || readerName(command) !== null : feeds && groups > 0
  }
}

/** How many more groups end than begin in the operators before a command. */
function groupDepth(operators: string): number {
  let depth = 0
  for (const operator of operators)
    depth += operator === ')' || operator === '}' ? 1 : operator === '(' || operator === '{' ? -1 : 0
  return depth
}

function* writtenSecrets(text: string, { words }: ScannedCommand, pairsOnly: boolean): Generator<SecretSpan> {
  const writer = words.findIndex((word) => WRITERS.has(programName(word)))
  if (writer < 0) return
  for (const word of words.slice(writer + 1)) {
    if (/^[<>&]/.test(word.plain)) return
    if (/^-[neE]{1,3}$/.test(word.plain)) continue
    const value = insideQuotes(text, word.start, word.end)
    const user = USER_PREFIX.exec(text.slice(value.start, Math.min(value.end, value.start + 80)))
    if (user) yield { start: value.start + user[0].length, end: value.end }
    else if (!pairsOnly) yield value
  }
}

/** `<<< "secret"`, and the lines of a here-document. */
function* hereSecrets(text: string, command: ScannedCommand, next: ScannedCommand | undefined): Generator<SecretSpan> {
  for (const [index, word] of command.words.entries()) {
    const target = command.words[index + 1]
    if (!target) return
    if (word.plain === '<<<') yield insideQuotes(text, target.start, target.end)
    if (word.plain === '<<' && next) yield documentBody(text, target, next)
  }
}

function documentBody(text: string, delimiter: ScannedWord, next: ScannedCommand): SecretSpan {
  const start = text.indexOf('\n', delimiter.end) + 1
  const end = text.indexOf(`\n${delimiter.plain.replace(/^-/, '')}`, start)
  return { start: start || next.words[0]!.start, end: end < 0 ? text.length : end }
}
