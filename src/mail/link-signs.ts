import { hostImitatesBrand } from './brands.js'
import { domainOf, hostOf, isInternational, isRawAddress, isSharedHost, isShortener, siteOf } from './host-names.js'
import type { Link } from './html-text.js'
import type { MailSign } from './mail-signs.js'
import type { Mail } from './parse-mail.js'

/** A mail with less text than this beside its pictures says nothing itself, in UTF-16 units. */
const LITTLE_TEXT = 400

/** What the links of a mail tell. */
export function linkSigns(mail: Mail): ReadonlySet<MailSign> {
  const signs = new Set<MailSign>()
  const sites = new Set<string>()
  for (const link of mail.links) {
    if (/^\s{0,9}data:/i.test(link.target)) signs.add('link_data')
    const host = hostOf(link.target)
    if (host === null) continue
    signs.add('link')
    sites.add(siteOf(host))
    for (const sign of signsOfLink(link, host)) signs.add(sign)
    if (mail.recipients.some(({ address }) => namesAddress(link.target, address))) signs.add('link_names_recipient')
  }
  const from = mail.from.map(({ address }) => siteOf(domainOf(address)))
  if (sites.size > 0 && !from.some((site) => sites.has(site))) signs.add('link_of_others')
  if (isLinkedPicture(mail)) signs.add('link_in_picture')
  return signs
}

function signsOfLink({ target, shown }: Link, host: string): readonly MailSign[] {
  const holds: Partial<Record<MailSign, boolean>> = {
    link_shown_differs: showsOtherSite(shown, host),
    link_international: isInternational(host),
    link_look_alike: hostImitatesBrand(host),
    link_raw_address: isRawAddress(host),
    link_shortener: isShortener(host),
    link_shared_host: isSharedHost(host),
    link_redirect: /^https?:[^?#]{0,2000}[?#].{0,2000}?https?(?::|%3a)(?:\/|%2f){2}/i.test(target.slice(0, 4096)),
    link_user_info: /^https?:\/\/[^/?#@]{1,200}\.[^/?#@]{1,200}@/i.test(target.slice(0, 500)),
  }
  return Object.entries(holds).flatMap(([sign, is]) => (is ? [sign as MailSign] : []))
}

/** Whether what is shown is itself a web address, of another site than where the link leads. */
function showsOtherSite(shown: string, host: string): boolean {
  const found = /^(?:https?:\/\/)?((?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,12})(?:[/?:#]\S{0,2000})?$/i.exec(
    shown.slice(0, 2100),
  )
  return found !== null && siteOf(found[1]!.toLowerCase()) !== siteOf(host)
}

function namesAddress(target: string, address: string): boolean {
  if (address.length < 6) return false
  const lower = target.toLowerCase()
  return lower.includes(address) || lower.includes(encodeURIComponent(address).toLowerCase())
}

function isLinkedPicture({ htmlText, images, links }: Mail): boolean {
  if (htmlText === null || images === 0) return false
  return links.some(({ shown }) => shown === '') && htmlText.replace(/\s+/g, ' ').length < LITTLE_TEXT
}
