import { isUtf8 } from 'node:buffer'

/** Base64 with its padding, as encoders write it. */
const BASE_64 = /^[A-Za-z0-9+/]+={0,2}$/

/**
 * The text of a request's body that a log writes in base64. Read as UTF-8, or where it is none one character a byte, so
 * that nothing is lost. What is no base64 is taken for the body itself.
 */
export function readBase64Body(written: string): string {
  if (written.length % 4 !== 0 || !BASE_64.test(written)) return written
  const bytes = Buffer.from(written, 'base64')
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
}
