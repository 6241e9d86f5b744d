import type { Payload } from '../events/tagger-event.js'
import { boundArgument } from './bound-text.js'

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
  if (helo !== undefined) operations.push(operation('helo', helo))
  if (mailFrom !== undefined) operations.push(operation('mail', domainOf(mailFrom)))
  if (recipients.length > 0) operations.push(operation('rcpt', String(recipients.length)))
  return operations
}

function operation(name: string, argument: string | null): Payload {
  const head = { service: 'smtp', operation: name }
  return argument === null || argument === '' ? head : { ...head, argument: boundArgument(argument) }
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
