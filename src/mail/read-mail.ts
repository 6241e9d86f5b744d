import { createHash } from 'node:crypto'
import { fileSigns } from './file-signs.js'
import { type FileType, fileTypeOf } from './file-type.js'
import { domainOf } from './host-names.js'
import { linkSigns } from './link-signs.js'
import type { MailSign } from './mail-signs.js'
import { type Mail, parseMail } from './parse-mail.js'
import { headerValues, senderSigns } from './sender-signs.js'
import { textSigns } from './text-signs.js'

/** What a mail shows. Nothing in here is content: a hash, counts, domains of many, and words of this program. */
export interface MailReading {
  readonly signs: ReadonlySet<MailSign>
  readonly bodySha256: string
  /** Which of the well-known headers are there; never the trap's own. */
  readonly headerNames: readonly string[]
  readonly recipientCount: number
  /** Domains of the recipients where there are many; the trap's own left out. */
  readonly recipientDomains: readonly string[]
  readonly files: readonly { readonly sha256: string; readonly type: FileType }[]
}

/** What is known of a mail beside its text. */
export interface MailContext {
  /** Recipients that the mail was sent to, where they are known. */
  readonly envelope?: readonly string[]
  /** Whether each character of the text stands for one byte. */
  readonly isBinary?: boolean
}

const MOST_DOMAINS = 32

/** Headers that a sender writes; whoever else's names could tell of the trap, or hold anything at all. */
const SENDERS_HEADERS: ReadonlySet<string> = new Set(
  'bcc cc content-type date dkim-signature from in-reply-to list-id list-unsubscribe message-id mime-version precedence references reply-to return-path sender subject to'.split(
    ' ',
  ),
)

/**
 * Reads what the RFC 5322 text of a mail shows; null for what is too large or too deeply nested to be read.
 *
 */
export async function readMail(
  raw: string,
  { envelope = [], isBinary = false }: MailContext = {},
): Promise<MailReading | null> {
  const mail = await parseMail(raw, isBinary)
  if (mail === null) return null
  const recipients = recipientsOf(mail, envelope)
  const domains = foreignDomains(mail, recipients)
  const signs = new Set([
    ...senderSigns(mail, domains),
    ...linkSigns(mail),
    ...textSigns(mail),
    ...mail.files.flatMap(fileSigns),
  ])
  return {
    signs,
    bodySha256: sha256(Buffer.from(bodyOf(raw), isBinary ? 'latin1' : 'utf8')),
    headerNames: [...new Set(mail.headers.map(({ name }) => name))].filter((name) => SENDERS_HEADERS.has(name)).sort(),
    recipientCount: recipients.size,
    recipientDomains: signs.has('many_recipient_domains') ? [...domains].sort().slice(0, MOST_DOMAINS) : [],
    files: mail.files.map(({ content }) => ({ sha256: sha256(content), type: fileTypeOf(content) })),
  }
}

function recipientsOf({ recipients }: Mail, envelope: readonly string[]): ReadonlySet<string> {
  const named = [...recipients.map(({ address }) => address), ...envelope.map((address) => address.toLowerCase())]
  return new Set(named.filter((address) => address.includes('@')))
}

/** Domains of recipients but those that the trap itself delivered to. */
function foreignDomains(mail: Mail, recipients: ReadonlySet<string>): ReadonlySet<string> {
  const own = ['delivered-to', 'x-original-to'].flatMap((name) => headerValues(mail, name)).map(domainOf)
  return new Set([...recipients].map(domainOf).filter((domain) => !own.includes(domain)))
}

/** What follows the headers. */
function bodyOf(raw: string): string {
  const found = /\r?\n\r?\n/.exec(raw)
  return found === null ? '' : raw.slice(found.index + found[0].length)
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
