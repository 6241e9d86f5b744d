import type { LogFormat } from '../decoder.js'
import { EML_FIELDS, EmlDecoder } from './eml-decoder.js'
import { readEnvelopeLine } from './envelope-line.js'
import { MailboxSplitter } from './mailbox-splitter.js'

const LONGEST_MAIL_BYTES = 8 << 20
const SHARED = { privileged: false, produces: EML_FIELDS } as const

/** A mail as a server stored it, one a file: RFC 5322. */
export const emlFormat: LogFormat = {
  name: 'eml',
  title: 'A mail as a file (.eml)',
  ...SHARED,
  readsWholeSource: true,
  recognise: (lines) => (looksLikeMail(lines[0]?.startsWith('From ') ? lines.slice(1) : lines) ? CONFIDENCE : 0),
  createDecoder: (options) => new EmlDecoder('eml', options),
}

/** Many mails in one file, each behind a line that begins with `From ` (RFC 4155). */
export const mboxFormat: LogFormat = {
  name: 'mbox',
  title: 'A mailbox file: many mails in one (mbox)',
  ...SHARED,
  records: {
    name: 'mail',
    mostBytes: LONGEST_MAIL_BYTES,
    createSplitter: (options) => new MailboxSplitter(options),
  },
  recognise: (lines) =>
    readEnvelopeLine(lines[0] ?? '') !== null && looksLikeMail(lines.slice(1)) ? BOX_CONFIDENCE : 0,
  createDecoder: (options) => new EmlDecoder('mbox', options),
}

function looksLikeMail(lines: readonly string[]): boolean {
  return namesAtStart(lines).filter((name) => USUAL.has(name)).length >= LEAST_USUAL
}

const CONFIDENCE = 0.9
/** A mail of its own may begin with such a line too; a mailbox may hold one mail. */
const BOX_CONFIDENCE = 0.95
const LEAST_USUAL = 2
const USUAL: ReadonlySet<string> = new Set(
  'received return-path delivered-to from to subject date message-id mime-version authentication-results dkim-signature'.split(
    ' ',
  ),
)

/** Names of the headers up to the first line that is none. */
function namesAtStart(lines: readonly string[]): readonly string[] {
  const names: string[] = []
  for (const line of lines) {
    if (/^[ \t]/.test(line) && names.length > 0) continue
    const name = /^([A-Za-z][A-Za-z0-9-]{1,60}):/.exec(line)?.[1]
    if (name === undefined) break
    names.push(name.toLowerCase())
  }
  return [...new Set(names)]
}
