import type { Payload } from '../../events/tagger-event.js'
import { serviceOperation } from './service-operation.js'

/** What a sensor on the network tells of a mail that a client hands over. */
export interface SmtpTransaction {
  readonly helo: string | undefined
  readonly mailFrom: string | undefined
  readonly recipients: readonly string[]
}

/**
 * The SMTP commands of a transaction, one operation each: `helo` with the name that the client gave itself, `mail` with the
 * domain of the sender, `rcpt` with the number of recipients. Nothing else of a mail or its addresses is in them.
 */
export function smtpOperations({ helo, mailFrom, recipients }: SmtpTransaction): readonly Payload[] {
  const operations: Payload[] = []
  if (helo !== undefined) operations.push(serviceOperation('smtp', 'helo', helo))
  if (mailFrom !== undefined) operations.push(serviceOperation('smtp', 'mail', domainOf(mailFrom)))
  if (recipients.length > 0) operations.push(serviceOperation('smtp', 'rcpt', String(recipients.length)))
  return operations
}

/** What follows the last `@`, in lower case; null where there is none, as in the empty sender of a bounce. */
function domainOf(address: string): string | null {
  const at = address.lastIndexOf('@')
  return at < 0
    ? null
    : address
        .slice(at + 1)
        .replaceAll('>', '')
        .trim()
        .toLowerCase()
}
