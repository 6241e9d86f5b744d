import { hash } from 'node:crypto'

/** What tells one content of a rule file from another: SHA-256, hexadecimal. */
export function contentHash(text: string): string {
  return hash('sha256', text, 'hex')
}
