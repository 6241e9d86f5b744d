import type { SecretSpan } from './secret-span.js'

/** Tokens that give themselves away by a prefix or a shape. Every repetition is bounded or runs over one class. */
const TOKEN_SHAPES = [
  /\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b/g,
  /\b(?:gh[opsur]_|github_pat_|glpat-|dckr_pat_|npm_|pypi-)\w{16,}/g,
  /\bxox[a-z]-[\w-]{8,}/g,
  /\b(?:AIza|sk-|sk_live_|rk_live_|SG\.)[\w-]{20,}/g,
  /\$(?:1|2[abxy]?|5|6|7|y|apr1)\$[\w./$=,+-]{8,}/g,
] as const

/** Tokens that follow a fixed text: a chat bot's path, a web hook's path, the name of an SSH key type. */
const TOKENS_AFTER = [
  /\bbot\d{6,12}:([\w-]{20,})/dg,
  /hooks\.slack\.com\/services\/([\w/]+)/dg,
  /\/api\/webhooks\/\d+\/([\w-]+)/dg,
  /\b(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3}|sk-[a-z0-9-]{1,40}@openssh\.com)[ \t]+([\w+/=]{16,})/dg,
] as const

/** Access keys, API tokens, password hashes, JSON web tokens, private key blocks and the body of public keys. */
export function* findKnownTokens(text: string): Generator<SecretSpan> {
  for (const shape of TOKEN_SHAPES) {
    for (const match of text.matchAll(shape)) yield { start: match.index, end: match.index + match[0].length }
  }
  for (const shape of TOKENS_AFTER) {
    for (const match of text.matchAll(shape)) yield { start: match.indices![1]![0], end: match.indices![1]![1] }
  }
  yield* findWebTokens(text)
  yield* findPrivateKeys(text)
}

/** JSON web tokens (RFC 7519): three base64url parts, of which the first begins with an encoded `{"`. */
function* findWebTokens(text: string): Generator<SecretSpan> {
  if (!text.includes('eyJ')) return
  for (const run of text.matchAll(/[\w.-]{12,}/g)) {
    const begin = run[0].indexOf('eyJ')
    if (begin >= 0 && run[0].includes('.', begin)) yield { start: run.index + begin, end: run.index + run[0].length }
  }
}

/** The body of a PEM private key; of one whose end is missing, everything that follows. */
function* findPrivateKeys(text: string): Generator<SecretSpan> {
  for (const header of text.matchAll(/-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY-----/g)) {
    const start = header.index + header[0].length
    const end = text.indexOf('-----END', start)
    yield { start, end: end < 0 ? text.length : end }
    if (end < 0) return
  }
}
