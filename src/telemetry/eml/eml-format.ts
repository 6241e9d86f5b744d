import type { LogFormat } from '../decoder.js'
import { EML_FIELDS, EmlDecoder } from './eml-decoder.js'

/** A mail as a server stored it, one a file: RFC 5322, with or without the line that mailbox files put before it. */
export const emlFormat: LogFormat = {
  name: 'eml',
  title: 'A mail as a file (.eml)',
  privileged: false,
  readsWholeSource: true,
  produces: EML_FIELDS,
  recognise(lines) {
    const names = namesAtStart(lines)
    return names.filter((name) => USUAL.has(name)).length >= LEAST_USUAL ? CONFIDENCE : 0
  },
  createDecoder: (options) => new EmlDecoder(options),
}

const CONFIDENCE = 0.9
const LEAST_USUAL = 2
const USUAL: ReadonlySet<string> = new Set(
  'received return-path delivered-to from to subject date message-id mime-version authentication-results dkim-signature'.split(
    ' ',
  ),
)

/** Names of the headers up to the first line that is none. */
function namesAtStart(lines: readonly string[]): readonly string[] {
  const names: string[] = []
  for (const [index, line] of lines.entries()) {
    if (index === 0 && line.startsWith('From ')) continue
    if (/^[ \t]/.test(line) && names.length > 0) continue
    const name = /^([A-Za-z][A-Za-z0-9-]{1,60}):/.exec(line)?.[1]
    if (name === undefined) break
    names.push(name.toLowerCase())
  }
  return [...new Set(names)]
}
