/** A line of an SMTP dialogue as a command and what follows it. */
export interface SmtpCommand {
  /** In lower case; `mail` and `rcpt` without FROM and TO. */
  readonly verb: string
  readonly argument: string
}

/** Commands of RFC 5321 and of its extensions for logins and encryption. */
const VERBS: ReadonlySet<string> = new Set(
  'auth data ehlo etrn expn helo help mail noop quit rcpt rset saml send soml starttls turn vrfy'.split(' '),
)
const LONGEST_LINE = 4096

/**
 * Reads a line that a client sent; null for what is no command: part of a mail, the answers of a login dialogue, another
 * protocol.
 */
export function readSmtpCommand(line: string): SmtpCommand | null {
  const text = line.slice(0, LONGEST_LINE).trim()
  const space = text.search(/\s/)
  const verb = (space < 0 ? text : text.slice(0, space)).toLowerCase()
  if (!VERBS.has(verb)) return null
  return { verb, argument: space < 0 ? '' : text.slice(space).trim() }
}

/** The address in `FROM:<address> SIZE=…` or `TO:<address>`. */
export function pathOf(argument: string): string {
  const afterColon = argument.slice(argument.indexOf(':') + 1).trim()
  return /^<?([^<>\s]{0,320})/.exec(afterColon)![1]!
}

/** A user name and a password, as `AUTH PLAIN` sends them (RFC 4616); null where the client sends them later, or wrongly. */
export function plainLogin(argument: string): { readonly username: string; readonly password: string } | null {
  const [, encoded] = /^plain\s+([A-Za-z0-9+/]{4,2048}={0,2})$/i.exec(argument) ?? []
  const parts = encoded === undefined ? [] : Buffer.from(encoded, 'base64').toString('utf8').split('\0')
  return parts.length === 3 ? { username: parts[1]!, password: parts[2]! } : null
}
