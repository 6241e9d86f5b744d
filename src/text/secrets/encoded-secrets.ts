import type { SecretSpan } from './secret-span.js'

/** Runs of the alphabets of base64 and of hexadecimal digits; shorter ones hold no secret worth the name. */
const ENCODED_RUN = /[A-Za-z\d+/_-]{12,}={0,2}/g
const HEXADECIMAL = /^(?:[\da-f]{2})+$/i
/** What text does not hold, and the bytes of anything else soon do. */
const NOT_TEXT = /[\0-\x08\x0e-\x1a\x1c-\x1f]/

/**
 * Base64 and hexadecimal runs that hide a text with a secret in it; all of such a run counts as secret. Bytes are read
 * as Latin-1, and UTF-16 (as PowerShell takes it) without its zeros: what announces a secret is ASCII.
 */
export function* findEncodedSecrets(text: string, holdsSecret: (hidden: string) => boolean): Generator<SecretSpan> {
  for (const { 0: run, index } of text.matchAll(ENCODED_RUN)) {
    const encodings = HEXADECIMAL.test(run) ? (['hex', 'base64'] as const) : (['base64'] as const)
    for (const encoding of encodings) {
      const hidden = Buffer.from(run, encoding).toString('latin1').replaceAll('\0', '')
      if (NOT_TEXT.test(hidden) || !holdsSecret(hidden)) continue
      yield { start: index, end: index + run.length }
      break
    }
  }
}
