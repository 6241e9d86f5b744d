import { MOST_HEADER_BYTES } from './mail-limits.js'

/** One header of a mail, its folded lines joined; the name in lower case. */
export interface RawHeader {
  readonly name: string
  readonly value: string
}

/** The headers at the start of a mail in their order, without parsing the rest; of very many the first ones. */
export function readRawHeaders(raw: string): readonly RawHeader[] {
  const headers: { name: string; value: string }[] = []
  for (const line of raw.slice(0, MOST_HEADER_BYTES).split('\n')) {
    const text = line.replace(/\r$/, '')
    if (text === '') break
    const last = headers.at(-1)
    if (/^[ \t]/.test(text) && last !== undefined) last.value += ` ${text.trim()}`
    else {
      const colon = text.indexOf(':')
      if (colon > 0)
        headers.push({ name: text.slice(0, colon).trim().toLowerCase(), value: text.slice(colon + 1).trim() })
    }
  }
  return headers
}

/** The mail without the line that mailbox files put before its headers. */
export function withoutEnvelopeLine(raw: string): string {
  return raw.startsWith('From ') ? raw.slice(raw.indexOf('\n') + 1) : raw
}
