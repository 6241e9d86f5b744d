import { isIP } from 'node:net'
import type { RawHeader } from '../../mail/raw-headers.js'
import type { MailTrace } from './mail-trace.js'

/** What mail traps note of the envelope, in headers of their own. */
export interface TrapNotes {
  readonly trace: MailTrace | null
  readonly mailFrom: string | undefined
  readonly recipients: readonly string[]
}

const MOST_RECIPIENTS = 1000
const LONGEST_VALUE = 65_536
const LONGEST_ADDRESS = 320

/**
 * The notes of Python's mail servers (`X-Peer`, `X-MailFrom` and `X-RcptTo`: smtpd and aiosmtpd) and of INetSim
 * (`X-INetSim-RCPT`). The address is believed only where all three notes of the first kind are there. They stand behind
 * the sender's own headers, so of two with one name the last is the trap's.
 */
export function readTrapNotes(headers: readonly RawHeader[]): TrapNotes {
  const last = (name: string) => headers.findLast((header) => header.name === name)?.value.slice(0, LONGEST_VALUE)
  const peer = last('x-peer')
  const sender = last('x-mailfrom')
  const recipients = last('x-rcptto')
  const address = peer === undefined || sender === undefined || recipients === undefined ? undefined : addressIn(peer)
  return {
    trace: address === undefined ? null : { address, note: peer!, date: '' },
    mailFrom: sender?.includes('@') ? addressesIn(sender)[0] : undefined,
    recipients: addressesIn(recipients ?? last('x-inetsim-rcpt') ?? ''),
  }
}

/** `('203.0.113.7', 4711)` and `203.0.113.7:4711`. */
function addressIn(peer: string): string | undefined {
  const words = peer.slice(0, LONGEST_ADDRESS).split(/[\s()'",[\]]+/)
  return [...words, ...words.map((word) => word.replace(/:\d+$/, ''))].find((word) => isIP(word) !== 0)
}

function addressesIn(value: string): readonly string[] {
  const words = value.split(/[\s,;<>]+/, MOST_RECIPIENTS * 4)
  return words.filter((word) => word.includes('@') && word.length <= LONGEST_ADDRESS).slice(0, MOST_RECIPIENTS)
}
