import { offsetInWord, type ScannedCommand, type ScannedWord } from './command-scan.js'
import { insideQuotes, isQuote, type SecretSpan } from './secret-span.js'

/** An option whose value is a secret, or holds one after a separator (`user:password`). */
interface SecretOption {
  readonly name: string
  /** Whether the value may stand in the next word (`-p X`), in the same one (`-pX`, `--user=X`), or in either. */
  readonly place: 'attached' | 'separate' | 'either'
  /** What parts the name from the secret inside the value; null if all of it is secret. */
  readonly after: string | null
}

function secret(name: string, place: SecretOption['place'] = 'either', after: string | null = null): SecretOption {
  return { name, place, after }
}

/** The options of one program that carry secrets. */
interface ProgramOptions {
  readonly options: readonly SecretOption[]
  /** Letters of options without a value, which may stand before a secret's letter in one word: `curl -su user:…`. */
  readonly flags: string
}

/** Programs and the options that carry their secrets. Options that say so themselves (`--password`) need no entry. */
const SECRET_OPTIONS: readonly (readonly [programs: string, options: readonly SecretOption[], flags?: string])[] = [
  [
    'mysql mysqldump mysqladmin mysqlimport mysqlshow mariadb mariadb-dump mariadb-admin',
    [secret('-p', 'attached')],
    'ABCEfHNnqstvVX',
  ],
  ['7z 7za 7zr rar unrar', [secret('-p', 'attached'), secret('-hp', 'attached')]],
  ['sshpass ftpget ftpput ncftp ncftpget ncftpput rdesktop', [secret('-p')], 'cvVR'],
  ['useradd usermod adduser groupadd groupmod', [secret('-p')], 'aDLlmMNorU'],
  ['mongo mongosh mongodump mongoexport mongorestore', [secret('-p')]],
  ['hydra medusa ncrack crackmapexec cme netexec nxc evil-winrm smbmap', [secret('-p')], 'fFIRSvV46'],
  ['xmrig minerd cpuminer ccminer xmr-stak', [secret('-p')], 'B'],
  ['zip unzip sqlcmd isql tsql bcp ipmitool mosquitto_pub mosquitto_sub', [secret('-P')], 'adejoqruv0123456789'],
  ['plink pscp psftp', [secret('-pw', 'separate')]],
  [
    'openssl',
    [secret('-k', 'separate'), secret('-K', 'separate'), secret('-passin', 'separate'), secret('-passout', 'separate')],
  ],
  ['redis-cli keydb-cli', [secret('-a', 'separate')]],
  ['ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami', [secret('-w', 'separate')], 'cCLnvxZ'],
  ['ldappasswd', [secret('-w', 'separate'), secret('-s', 'separate'), secret('-a', 'separate')]],
  ['snmpwalk snmpget snmpset', [secret('-A', 'separate'), secret('-X', 'separate')]],
  ['smbclient smbget rpcclient winexe wmic', [secret('-U', 'either', '%'), secret('--user', 'either', '%')], 'gkN'],
  ['lftp', [secret('-u', 'either', ','), secret('--user', 'either', ',')]],
  ['xfreerdp wfreerdp', [secret('/p:', 'attached')]],
  ['login', [secret('-p')]],
  [
    'curl',
    [
      secret('-u', 'either', ':'),
      secret('--user', 'either', ':'),
      secret('-U', 'either', ':'),
      secret('--proxy-user', 'either', ':'),
      secret('-b', 'either', '='),
      secret('--cookie', 'either', '='),
      secret('--oauth2-bearer'),
    ],
    '#0123469BfgGiIjJklLMnNOpqRsSvVZa',
  ],
]

const OPTIONS_BY_PROGRAM: ReadonlyMap<string, ProgramOptions> = new Map(
  SECRET_OPTIONS.flatMap(([programs, options, flags = '']) => {
    const programOptions: ProgramOptions = { options, flags }
    return programs.split(' ').map((program) => [program, programOptions] as const)
  }),
)
const SUBSTITUTION_ENDS = /^[()`]+$/

/**
 * Values of secret options in the simple commands of one line, whatever wrappers (`sudo`, `busybox`) stand before the
 * program. Words behind a substitution may belong to its program (`$(which mysql) -p…`) or to the one around it.
 */
export function* findOptionValues(text: string, commands: readonly ScannedCommand[]): Generator<SecretSpan> {
  let outer: ReadonlySet<ProgramOptions> = NO_PROGRAMS
  let own: ProgramOptions | undefined
  for (const command of commands) {
    outer = SUBSTITUTION_ENDS.test(command.operators) ? withProgram(outer, own) : NO_PROGRAMS
    own = undefined
    for (const [index, word] of command.words.entries()) {
      const next = command.words[index + 1]
      if (own) yield* optionValues(text, own, word, next)
      for (const program of outer) yield* optionValues(text, program, word, next)
      own = OPTIONS_BY_PROGRAM.get(programName(word)) ?? own
    }
  }
}

const NO_PROGRAMS: ReadonlySet<ProgramOptions> = new Set()

function withProgram(
  programs: ReadonlySet<ProgramOptions>,
  program: ProgramOptions | undefined,
): ReadonlySet<ProgramOptions> {
  return program === undefined || programs.has(program) ? programs : new Set([...programs, program])
}

/** The last path component of a word, in lower case, without a Windows ending; of `$(which x)` the `x`. */
export function programName({ plain }: ScannedWord): string {
  const program = SUBSTITUTED_PROGRAM.exec(plain)?.[1] ?? plain
  return program
    .slice(program.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/\.exe$/, '')
}

const SUBSTITUTED_PROGRAM = /^(?:\$\(|`)[\w -]{0,32} ([\w./-]{1,64})[)`]$/

function* optionValues(
  text: string,
  { options, flags }: ProgramOptions,
  word: ScannedWord,
  next: ScannedWord | undefined,
): Generator<SecretSpan> {
  for (const { name, place, after } of options) {
    const nameEnd = optionNameEnd(word.plain, name, flags)
    if (nameEnd < 0) continue
    if (nameEnd === word.plain.length) {
      if (place !== 'attached' && next) yield* secretPart(text, next.start, next.end, after)
      continue
    }
    const isLong = name.startsWith('--')
    if (place === 'separate' || (isLong && word.plain[nameEnd] !== '=')) continue
    yield* secretPart(text, offsetInWord(text, word, nameEnd + (isLong ? 1 : 0)), word.end, after)
  }
}

/** Where the name of an option ends in a word, be it behind flags (`-su` for `-u`), or -1 if the word has it not. */
function optionNameEnd(plain: string, name: string, flags: string): number {
  if (plain.startsWith(name)) return name.length
  if (name.length !== 2 || plain[0] !== '-') return -1
  let index = 1
  while (index < plain.length && flags.includes(plain[index]!)) index++
  return plain[index] === name[1] ? index + 1 : -1
}

function* secretPart(text: string, start: number, end: number, after: string | null): Generator<SecretSpan> {
  const value = insideQuotes(text, start, end)
  if (isComputed(text, value)) return
  if (after === null) return yield value
  const separator = text.slice(value.start, value.end).indexOf(after)
  if (separator < 0) return
  const endsQuoted = value.end === end && isQuote(text[end - 1]) && end - 1 > value.start + separator
  yield { start: value.start + separator + 1, end: endsQuoted ? end - 1 : value.end }
}

/** A word that the shell computes (`$(…)`, of which the scan leaves the `$`) is not a secret by itself. */
function isComputed(text: string, { start, end }: SecretSpan): boolean {
  return text[start] === '$' && (text[start + 1] === '(' || (text[start + 1] === '{' && text[end - 1] === '}'))
}
