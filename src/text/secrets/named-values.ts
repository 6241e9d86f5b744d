import { isQuote, type SecretSpan } from './secret-span.js'

/** A name that says that a secret follows, up to the separator. */
const SECRET_NAME =
  /(passphrase|password|passwd|passwort|requirepass|masterauth|pass|pwd|secret|credential|token|(?:api|access|auth|private|encryption|account|storage|license)[_-]?key)([\w-]{0,40})/gi

/** Names that go on like this are about secrets but hold none: `password_file`, `PasswordAuthentication`, `token_url`. */
const ABOUT_SECRETS =
  /file|path|auth|policy|prompt|stdin|fd$|age|expir|len|url|uri|type|name|field|min|max|warn|only|less|rounds/i
/** What stands before `pass` and makes it another word: bypass, compass, surpass, NOPASSWD. */
const OTHER_WORD = /(?:by|com|tres|sur|no|disabled-|empty-|without-|ask-|no-)$/i
const LETTER = /[a-z]/i
/** Words in front of a short name that leave it a password's name: `dbpass`, `SSHPASS`. */
const OWNER = /(?:db|user|ssh|root|smtp|ftp|admin|mail|login|sql|http|proxy|key|store|rpc|pg|my|new|old|sudo|wifi)$/i
const SPACE_SEPARATED = /^(?:requirepass|masterauth)$|(?:secret_)access_key$/i
const QUOTED_SEPARATOR = /\\*["']?[ \t]{0,4}(?:=>|:=|[=:])[ \t]{0,4}/y
const SQL_SEPARATOR = /[ \t]{0,4}(?:\([ \t]{0,4}|[ \t]by[ \t]{1,4}|[ \t])(?=["'])/y
const SPACES = /[ \t]{1,8}/y
const SQL_IDENTIFIED =
  /\bidentified[ \t]{1,4}(?:with[ \t]{1,4}\w{1,40}[ \t]{1,4})?(?:by|as)[ \t]{1,4}(?:password[ \t]{1,4})?(?=["'])/gi
const UNQUOTED_END = /[\s&;|"'`)<>]|$/g
const UNQUOTED_LIST_END = /[\s&;|"'`)<>,}\]]|$/g

/**
 * Values whose name says what they are: `PASSWORD=…`, `"token": "…"`, `&passwd=…`, `--password …`, `requirepass …`,
 * `IDENTIFIED BY '…'`. A value that the shell computes (`$(…)`) is not a secret by itself and stays.
 */
export function* findNamedValues(text: string): Generator<SecretSpan> {
  let covered = 0
  for (const name of text.matchAll(SECRET_NAME)) {
    if (name.index < covered || !namesSecret(text, name)) continue
    const value = secretValue(text, valueStart(text, name), name.index)
    if (value) yield value
    covered = value?.end ?? covered
  }
  for (const clause of text.matchAll(SQL_IDENTIFIED)) {
    const value = secretValue(text, clause.index + clause[0].length, clause.index)
    if (value) yield value
  }
}

function namesSecret(text: string, name: RegExpExecArray): boolean {
  const keyword = name[1]!
  if (ABOUT_SECRETS.test(name[2]!)) return false
  const before = text.slice(Math.max(0, name.index - 12), name.index)
  if (OTHER_WORD.test(before)) return false
  if (keyword === 'PWD') return /[_&?;"']$/.test(before)
  if (keyword.length > 4 || !LETTER.test(before.at(-1) ?? '')) return true
  return OWNER.test(before) || keyword[0] === 'P'
}

/** Where the value of a name begins, or null if none follows. */
function valueStart(text: string, name: RegExpExecArray): number | null {
  const end = name.index + name[0].length
  const isPath = text[name.index - 1] === '/'
  const separated = separatorEnd(QUOTED_SEPARATOR, text, end)
  if (separated !== null) return isPath && text[separated - 1] === ':' ? null : separated
  if (isOption(text, name.index)) return optionValueStart(text, end)
  if (SPACE_SEPARATED.test(text.slice(Math.max(0, name.index - 12), end))) return optionValueStart(text, end)
  if (SPACE_SEPARATED.test(name[0])) return optionValueStart(text, end)
  return name[2] === '' ? separatorEnd(SQL_SEPARATOR, text, end, /password$/i.test(name[1]!)) : null
}

function separatorEnd(separator: RegExp, text: string, position: number, applies = true): number | null {
  if (!applies) return null
  separator.lastIndex = position
  return separator.test(text) ? separator.lastIndex : null
}

/** Whether the name at `index` is the end of an option: `--password`, `-passwd`, `--http-password`. */
function isOption(text: string, index: number): boolean {
  const before = text.slice(Math.max(0, index - 24), index)
  return /(?:^|[\s"'])-(?:-[a-z-]{0,20})?$/.test(before)
}

function optionValueStart(text: string, end: number): number | null {
  const start = separatorEnd(SPACES, text, end)
  return start === null || /[-|;&<>)]/.test(text[start] ?? '-') ? null : start
}

/** The value at `start`, without its quotes; null if there is none, or one that the shell computes. */
export function secretValue(text: string, start: number | null, nameStart: number): SecretSpan | null {
  if (start === null) return null
  const escaped = text[start] === '\\' && isQuote(text[start + 1])
  const quoteAt = escaped ? start + 1 : start
  const quote = text[quoteAt]
  if (!isQuote(quote)) return unquotedValue(text, start)
  if (closesQuoteBefore(text, quoteAt, nameStart) || isComputed(text, quoteAt + 1)) return null
  return { start: quoteAt + 1, end: closingQuote(text, quoteAt + 1, quote!, escaped) }
}

/** Whether the quote after a separator ends a quoted text that holds the name (`grep "password="`) and opens no value. */
function closesQuoteBefore(text: string, quoteAt: number, nameStart: number): boolean {
  if (/["']/.test(text.slice(nameStart, quoteAt))) return false
  return text[nameStart - 1] === text[quoteAt] || /[\s)|;]/.test(text[quoteAt + 1] ?? ' ')
}

function isComputed(text: string, start: number): boolean {
  return /^(?:\$[({]|`)/.test(text.slice(start, start + 2))
}

function unquotedValue(text: string, start: number): SecretSpan | null {
  if (isComputed(text, start)) return null
  const inList = text[start - 1] === ':' || text[start - 2] === ':'
  const terminator = inList ? UNQUOTED_LIST_END : UNQUOTED_END
  terminator.lastIndex = start
  return { start, end: terminator.exec(text)!.index }
}

/** The quote that ends a value, or the end of the text. `escaped` quotes (`\"`) end at the next quote of any sort. */
function closingQuote(text: string, start: number, quote: string, escaped: boolean): number {
  let end = text.indexOf(quote, start)
  if (escaped) return end < 0 ? text.length : text[end - 1] === '\\' ? end - 1 : end
  while (end > 0 && quote === '"' && text[end - 1] === '\\') end = text.indexOf(quote, end + 1)
  return end < 0 ? text.length : end
}
