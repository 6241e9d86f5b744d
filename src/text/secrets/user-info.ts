import type { SecretSpan } from './secret-span.js'

/** Longer credentials before an `@` are not looked for. */
const MAX_CREDENTIAL = 256
const MAX_AT_SIGNS = 4
const BARE_TOKEN = /^\w{20,}$/
/** What may stand before a colon without being a user name: `mailto:someone@example.org`. */
const ADDRESS_SCHEMES = new Set(['mailto', 'sip', 'sips', 'xmpp', 'from', 'to', 'cc', 'bcc', 'acct', 'http', 'https'])

/**
 * The password of `scheme://user:password@host` and of `user:password@host` as attack tools take it. A URL's user
 * without a password is left alone unless it looks like a token. Passwords may hold a few `@` themselves.
 */
export function* findUserInfo(text: string): Generator<SecretSpan> {
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const secret = credentialBefore(text, at)
    if (secret) yield secret
  }
}

function credentialBefore(text: string, at: number): SecretSpan | null {
  const start = authorityStart(text, at)
  const [user = '', password] = text.slice(start, at).split(':', 2)
  if (password === undefined) return BARE_TOKEN.test(user) ? { start, end: at } : null
  if (user === '' || ADDRESS_SCHEMES.has(user.toLowerCase())) return null
  return { start: start + user.length + 1, end: at }
}

/** Where the word that ends at `at` begins, or the authority if that word is a URL. */
function authorityStart(text: string, at: number): number {
  const limit = Math.max(0, at - MAX_CREDENTIAL)
  let atSigns = 0
  let start = at
  while (start > limit && !endsWord(text.charCodeAt(start - 1))) {
    if (text.startsWith('://', start - 3)) break
    if (text[start - 1] === '@' && ++atSigns >= MAX_AT_SIGNS) break
    start--
  }
  return start
}

/** White space, quotes, brackets and shell operators: `"`, `&`, `'`, `(`, `)`, `,`, `;`, `<`, `=`, `>`, `` ` ``, `|`. */
function endsWord(code: number): boolean {
  return code <= 0x20 || WORD_ENDS.has(code)
}

const WORD_ENDS: ReadonlySet<number> = new Set([...'"&\'(),;<=>`|{}[]'].map((character) => character.charCodeAt(0)))
