import { parseBoxTime } from './mail-time.js'

/** What the line says that mailbox files put before each mail (RFC 4155). */
export interface EnvelopeLine {
  readonly sender: string
  /** When the mail was stored, in milliseconds since 1970. */
  readonly time: number
}

const LONGEST_LINE = 500

/** The envelope line that a text begins with; null where it begins with another, such as a sentence with this word. */
export function readEnvelopeLine(text: string): EnvelopeLine | null {
  if (!text.startsWith('From ')) return null
  const line = text.slice(0, LONGEST_LINE).split('\n', 1)[0]!
  const [, sender = '', date = ''] = /^From (\S{1,320})\s+(.*)$/.exec(line.trimEnd()) ?? []
  const time = parseBoxTime(date)
  return Number.isNaN(time) ? null : { sender, time }
}
