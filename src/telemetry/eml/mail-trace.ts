import { isIP } from 'node:net'
import type { RawHeader } from '../../mail/raw-headers.js'

/** Where a mail came from, by the note of the server that took it. */
export interface MailTrace {
  readonly address: string
  /** The whole note, which tells this delivery from all others. */
  readonly note: string
  /** The part of it that holds the date; empty where none does. */
  readonly date: string
}

/**
 * The topmost `Received` header that names a host outside: those above it are hops within the receiving house, those
 * below it may be forged. Null where none does.
 */
export function readMailTrace(headers: readonly RawHeader[]): MailTrace | null {
  for (const { name, value } of headers) {
    if (name !== 'received') continue
    const note = value.slice(0, LONGEST_NOTE)
    const address = addressesFrom(note).find((one) => !isInternal(one))
    if (address !== undefined) return { address, note, date: note.slice(note.lastIndexOf(';') + 1) }
  }
  return null
}

const LONGEST_NOTE = 2000

/** Addresses in the part that tells whom it came from. */
function addressesFrom(note: string): readonly string[] {
  const from = /^from\s/i.test(note) ? note.split(/\sby\s/i, 1)[0]! : ''
  const words = from.split(/[\s()[\]]+/).map((word) => word.replace(/^IPv6:/i, '').replace(/[,;]$/, ''))
  return words.filter((word) => isIP(word) !== 0)
}

/** Loopback, link-local and private addresses. */
const INTERNAL = /^(?:127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cde][0-9a-f]{2}:)/i

function isInternal(address: string): boolean {
  return INTERNAL.test(address)
}
