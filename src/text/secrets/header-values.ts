import { isQuote, type SecretSpan } from './secret-span.js'

const SECRET_HEADER =
  /\b(?:(?:proxy-)?authorization|(?:set-)?cookie2?|x-(?:api|auth|access|amz-security|vault|gitlab|goog-api|csrf)-?(?:key|token)?|api-?key|private-token)(?:\\*["'])?[ \t]{0,4}:(?:\\?[ \t]){0,4}(?:\\*["'])?(?:(?:basic|bearer|token|digest|negotiate|ntlm|apikey|aws4-hmac-sha256)(?:\\?[ \t]){1,4})?/gi

const LINE_OR_QUOTE = /["'\r\n]|$/g
const LINE_QUOTE_OR_SPACE = /["']|(?<!\\)\s|[\r\n]|$/g
const COOKIE = /cookie/i

/**
 * The value of an HTTP header that proves who one is. The scheme (`Basic`, `Bearer`) stays; the value runs to the quote
 * or line end that closes it, and outside quotes to the next white space, except for cookies, which hold spaces.
 */
export function* findHeaderValues(text: string): Generator<SecretSpan> {
  let covered = 0
  for (const header of text.matchAll(SECRET_HEADER)) {
    if (header.index < covered) continue
    const start = header.index + header[0].length
    const holdsSpaces = isQuote(text[header.index - 1]) || /["']/.test(header[0]) || COOKIE.test(header[0])
    const terminator = holdsSpaces ? LINE_OR_QUOTE : LINE_QUOTE_OR_SPACE
    terminator.lastIndex = start
    const end = terminator.exec(text)!.index
    covered = end
    yield { start, end: text[end - 1] === '\\' ? Math.max(start, end - 1) : end }
  }
}
