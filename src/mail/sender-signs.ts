import { namesBrandOfOthers } from './brands.js'
import { domainOf, isFreeMail, isSharedHost, siteOf } from './host-names.js'
import type { MailSign } from './mail-signs.js'
import type { Mail } from './parse-mail.js'

/** Recipients of so many domains are no one's own correspondence. */
const MANY_DOMAINS = 5

/** What the headers tell of the sender. */
export function senderSigns(mail: Mail, recipientDomains: ReadonlySet<string>): readonly MailSign[] {
  const { from, replyTo, returnPath, subject, recipients } = mail
  const sender = from.find(({ address }) => address.includes('@'))
  const domain = sender === undefined ? '' : domainOf(sender.address)
  const site = siteOf(domain)
  const answers = replyTo.filter(({ address }) => address.includes('@')).map(({ address }) => domainOf(address))
  const strangers = answers.filter((answer) => siteOf(answer) !== site)
  const name = from.map((one) => one.name).join(' ')
  const signs: Partial<Record<MailSign, boolean>> = {
    return_path_differs: domain !== '' && returnPath.includes('@') && siteOf(domainOf(returnPath)) !== site,
    reply_to_differs: strangers.length > 0,
    reply_to_free_mail: strangers.some(isFreeMail) && !isFreeMail(domain),
    ...authenticationSigns(mail),
    name_holds_address: addressesIn(name).some((address) => siteOf(domainOf(address)) !== site),
    brand_in_sender_name: namesBrandOfOthers(name, domain),
    brand_in_subject: namesBrandOfOthers(subject, domain),
    malformed_sender: !domain.includes('.') || headerValues(mail, 'from').some(isMalformedSender),
    sender_on_shared_host: isSharedHost(domain),
    sender_is_recipient: sender !== undefined && recipients.some(({ address }) => address === sender.address),
    many_recipient_domains: recipientDomains.size >= MANY_DOMAINS,
  }
  return Object.entries(signs).flatMap(([sign, holds]) => (holds ? [sign as MailSign] : []))
}

/** The verdicts of receiving servers. A missing signature is no verdict: most honest mail was once unsigned. */
function authenticationSigns(mail: Mail): Partial<Record<MailSign, boolean>> {
  const verdicts = headerValues(mail, 'authentication-results').join(' ').toLowerCase()
  const received = headerValues(mail, 'received-spf').join(' ').trim().toLowerCase()
  return {
    spf_fail: /\bspf=(?:soft)?fail\b/.test(verdicts) || /^(?:soft)?fail\b/.test(received),
    dkim_fail: /\bdkim=fail\b/.test(verdicts),
    dmarc_fail: /\b(?:dmarc|compauth)=fail\b/.test(verdicts),
  }
}

/** The values of all headers of a name, each cut to what honest software writes. */
export function headerValues({ headers }: Mail, name: string): readonly string[] {
  return headers.filter((header) => header.name === name).map(({ value }) => value.slice(0, LONGEST_VALUE))
}

const LONGEST_VALUE = 4096

function addressesIn(text: string): readonly string[] {
  return text.slice(0, LONGEST_VALUE).match(/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g) ?? []
}

/** More than one address in angle brackets, or a group where a mailbox should be. */
function isMalformedSender(value: string): boolean {
  const bare = value.replace(/"[^"]{0,300}"/g, '').replace(/=\?[^?\s]{1,40}\?[bq]\?[^?\s]{0,300}\?=/gi, '')
  return (bare.match(/</g)?.length ?? 0) > 1 || /[,;:]\s*</.test(bare)
}
