import PostalMime, { type Address, type Email } from 'postal-mime'
import { type Link, readHtml } from './html-text.js'
import {
  DEEPEST_NESTING,
  LONGEST_MAIL,
  LONGEST_TEXT,
  MOST_FILES,
  MOST_HEADER_BYTES,
  MOST_LINKS,
} from './mail-limits.js'
import { withoutEnvelopeLine } from './raw-headers.js'

/** A mailbox as a header names it. */
export interface Mailbox {
  readonly name: string
  /** In lower case; empty where there is none. */
  readonly address: string
}

/** A file that came with a mail. */
export interface MailFile {
  readonly name: string
  readonly declaredType: string
  readonly content: Buffer
}

/** The parts of a mail that signs are read from. */
export interface Mail {
  /** Unfolded, in the order of the mail, duplicates included; names in lower case. */
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly subject: string
  readonly from: readonly Mailbox[]
  readonly replyTo: readonly Mailbox[]
  /** Envelope sender as the last server noted it; empty where nobody did. */
  readonly returnPath: string
  readonly recipients: readonly Mailbox[]
  /** What a reader sees: the plain part, then the text of the HTML. */
  readonly text: string
  /** What a reader of the HTML sees; null without HTML. */
  readonly htmlText: string | null
  readonly html: string
  readonly links: readonly Link[]
  readonly images: number
  readonly hasPasswordField: boolean
  readonly hasHiddenText: boolean
  readonly files: readonly MailFile[]
}

/**
 * Parses the RFC 5322 text of a mail in bounded time and memory. Null for what is too large or too deeply nested to be
 * read; anything else is read as well as it can be.
 *
 * @param isBinary whether each character of `raw` is one byte, so that parts are read in the character sets that they name
 */
export async function parseMail(raw: string, isBinary = false): Promise<Mail | null> {
  if (raw.length > LONGEST_MAIL) return null
  const text = withoutEnvelopeLine(raw)
  const parsed = await parse(isBinary ? Buffer.from(text, 'latin1') : text)
  if (parsed === null) return null
  const html = (parsed.html ?? '').slice(0, LONGEST_TEXT)
  const plain = (parsed.text ?? '').slice(0, LONGEST_TEXT)
  const reading = readHtml(html)
  return {
    headers: parsed.headers.map(({ key, value }) => ({ name: key, value })),
    subject: parsed.subject ?? '',
    from: mailboxes(parsed.from === undefined ? [] : [parsed.from]),
    replyTo: mailboxes(parsed.replyTo ?? []),
    returnPath: bareAddress(parsed.returnPath ?? ''),
    recipients: mailboxes([...(parsed.to ?? []), ...(parsed.cc ?? []), ...(parsed.bcc ?? [])]),
    text: `${plain}\n${reading.text}`,
    htmlText: html === '' ? null : reading.text,
    html,
    links: [...reading.links, ...plainLinks(plain)].slice(0, MOST_LINKS),
    images: reading.images,
    hasPasswordField: reading.hasPasswordField,
    hasHiddenText: reading.hasHiddenText,
    files: filesOf(parsed),
  }
}

async function parse(raw: string | Buffer): Promise<Email | null> {
  try {
    return await PostalMime.parse(raw, {
      attachmentEncoding: 'arraybuffer',
      maxNestingDepth: DEEPEST_NESTING,
      maxHeadersSize: MOST_HEADER_BYTES,
      maxRfc822NestingDepth: 2,
    })
  } catch {
    return null
  }
}

function mailboxes(addresses: readonly Address[]): readonly Mailbox[] {
  return addresses.flatMap(({ name, address, group }) =>
    group === undefined
      ? [{ name, address: address.toLowerCase() }]
      : [{ name, address: '' }, ...group.map((one) => ({ name: one.name, address: one.address.toLowerCase() }))],
  )
}

function bareAddress(text: string): string {
  return text.replace(/[<>\s]/g, '').toLowerCase()
}

function filesOf({ attachments }: Email): readonly MailFile[] {
  return attachments.slice(0, MOST_FILES).map(({ filename, mimeType, content }) => ({
    name: filename ?? '',
    declaredType: mimeType,
    content: typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer),
  }))
}

function plainLinks(text: string): readonly Link[] {
  const found = text.match(/\bhttps?:\/\/[^\s<>"'()[\]]{1,2048}/gi) ?? []
  return found.slice(0, MOST_LINKS).map((target) => ({ target, shown: '' }))
}
