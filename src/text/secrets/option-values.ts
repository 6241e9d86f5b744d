import type { ScannedCommand, ScannedWord } from './command-scan.js'
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

/** Programs and the options that carry their secrets. Options that say so themselves (`--password`) need no entry. */
const SECRET_OPTIONS: readonly (readonly [programs: string, options: readonly SecretOption[]])[] = [
  ['mysql mysqldump mysqladmin mysqlimport mysqlshow mariadb mariadb-dump mariadb-admin', [secret('-p', 'attached')]],
  ['7z 7za 7zr rar unrar', [secret('-p', 'attached'), secret('-hp', 'attached')]],
  ['sshpass ftpget ftpput ncftp ncftpget ncftpput rdesktop', [secret('-p')]],
  ['useradd usermod adduser groupadd groupmod', [secret('-p')]],
  ['mongo mongosh mongodump mongoexport mongorestore', [secret('-p')]],
  ['hydra medusa ncrack crackmapexec cme netexec nxc evil-winrm smbmap', [secret('-p')]],
  ['zip unzip sqlcmd isql tsql bcp ipmitool mosquitto_pub mosquitto_sub', [secret('-P')]],
  ['plink pscp psftp', [secret('-pw', 'separate')]],
  [
    'openssl',
    [secret('-k', 'separate'), secret('-K', 'separate'), secret('-passin', 'separate'), secret('-passout', 'separate')],
  ],
  ['redis-cli keydb-cli', [secret('-a', 'separate')]],
  ['ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami', [secret('-w', 'separate')]],
  ['ldappasswd', [secret('-w', 'separate'), secret('-s', 'separate'), secret('-a', 'separate')]],
  ['snmpwalk snmpget snmpset', [secret('-A', 'separate'), secret('-X', 'separate')]],
  ['smbclient smbget rpcclient winexe wmic', [secret('-U', 'either', '%'), secret('--user', 'either', '%')]],
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
  ],
]

const OPTIONS_BY_PROGRAM: ReadonlyMap<string, readonly SecretOption[]> = new Map(
  SECRET_OPTIONS.flatMap(([programs, options]) => programs.split(' ').map((program) => [program, options] as const)),
)

/** Values of secret options in one simple command, whatever wrappers (`sudo`, `busybox`) stand before the program. */
export function* findOptionValues(text: string, command: ScannedCommand): Generator<SecretSpan> {
  let options: readonly SecretOption[] = []
  for (const [index, word] of command.words.entries()) {
    for (const option of options) yield* optionValue(text, option, word, command.words[index + 1])
    options = OPTIONS_BY_PROGRAM.get(programName(word)) ?? options
  }
}

/** The last path component of a word, in lower case, without a Windows ending. */
export function programName(word: ScannedWord): string {
  return word.plain
    .slice(word.plain.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/\.exe$/, '')
}

function* optionValue(
  text: string,
  option: SecretOption,
  word: ScannedWord,
  next: ScannedWord | undefined,
): Generator<SecretSpan> {
  const { name, place, after } = option
  if (!word.plain.startsWith(name)) return
  if (word.plain === name) {
    if (place !== 'attached' && next) yield* secretPart(text, next.start, next.end, after)
    return
  }
  if (place === 'separate') return
  const isLong = name.startsWith('--')
  if (isLong && word.plain[name.length] !== '=') return
  const at = text.indexOf(name, word.start)
  const start = at < 0 || at >= word.end ? word.start : at + name.length + (isLong ? 1 : 0)
  yield* secretPart(text, start, word.end, after)
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
