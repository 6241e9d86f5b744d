import { maskSpans, type SecretSpan } from './secrets/secret-span.js'

/** Shorter secrets stand in too many words by chance. */
const MIN_LENGTH = 3
const QUOTING = /["'\\]/g
/** Runs of base64 and of hexadecimal digits; codes with backslashes, `0x`, `%` or separators between them. */
const ENCODED_RUNS = [/[A-Za-z\d+/_=-]{12,}/g, /[\da-fux\\,;\s%]{12,}/gi] as const

/**
 * Replaces every occurrence of secrets that are known already by `***`, also where quotes or backslashes stand between
 * their characters. Secrets of one or two characters are left. Time grows with the text's length times their number.
 */
export function maskOccurrences(text: string, secrets: Iterable<string>): string {
  const offsets: number[] = []
  for (let index = 0; index < text.length; index++) if (!'"\'\\'.includes(text[index]!)) offsets.push(index)
  const bare = text.replace(QUOTING, '')
  const spans: SecretSpan[] = []
  for (const secret of secrets) {
    const wanted = secret.replace(QUOTING, '')
    if (wanted.length < MIN_LENGTH) continue
    for (let at = bare.indexOf(wanted); at >= 0; at = bare.indexOf(wanted, at + wanted.length))
      spans.push({ start: offsets[at]!, end: offsets[at + wanted.length - 1]! + 1 })
  }
  return maskSpans(text, spans)
}

/** Replaces by `***` whatever may be an encoded text of at least 12 characters. Long names and paths go with them. */
export function maskEncodedRuns(text: string): string {
  return ENCODED_RUNS.reduce((masked, run) => masked.replace(run, '***'), text)
}
