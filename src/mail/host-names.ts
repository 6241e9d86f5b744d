import { isIP } from 'node:net'

/** The host of a web address in lower case, punycode for other scripts; null where there is none. */
export function hostOf(target: string): string | null {
  if (!/^https?:/i.test(target)) return null
  try {
    return new URL(target).hostname.replace(/\.$/, '') || null
  } catch {
    return null
  }
}

/** The domain of an address in lower case; empty where it has none. */
export function domainOf(address: string): string {
  return address
    .slice(address.lastIndexOf('@') + 1)
    .replace(/\.$/, '')
    .toLowerCase()
}

const SECOND_LEVEL: ReadonlySet<string> = new Set([
  'ac',
  'co',
  'com',
  'edu',
  'gob',
  'gov',
  'gv',
  'net',
  'ne',
  'or',
  'org',
])

/** The part of a host name that one party registers, `example.co.uk` of `www.example.co.uk`, by the usual forms. */
export function siteOf(host: string): string {
  const labels = host.split('.')
  const country = labels.at(-1)!.length === 2 && SECOND_LEVEL.has(labels.at(-2) ?? '')
  return labels.slice(country ? -3 : -2).join('.')
}

/** Whether the host is a bare address, in whatever form the link writes it. */
export function isRawAddress(host: string): boolean {
  return isIP(host.replace(/^\[|\]$/g, '')) !== 0
}

/** Whether a label of the host is written in another script than ASCII. */
export function isInternational(host: string): boolean {
  return host.split('.').some((label) => label.startsWith('xn--'))
}

/** Services that hide where a link leads. */
const SHORTENERS: ReadonlySet<string> = new Set(
  'bit.ly goo.gl t.co tinyurl.com ow.ly is.gd buff.ly rebrand.ly cutt.ly t.ly shorturl.at rb.gy tiny.cc lnkd.in s.id qrco.de urlz.fr v.gd adf.ly l.ead.me linktr.ee u.to clck.ru short.gy bl.ink soo.gd trib.al did.li surl.li n9.cl tny.im t.me'.split(
    ' ',
  ),
)

export function isShortener(host: string): boolean {
  return SHORTENERS.has(host.replace(/^www\./, ''))
}

/** Places where anybody puts up pages under the host's good name. */
const SHARED_HOSTS = [
  'storage.googleapis.com',
  'storage.cloud.google.com',
  'firebasestorage.googleapis.com',
  'firebaseapp.com',
  'web.app',
  'appspot.com',
  'run.app',
  'sites.google.com',
  'docs.google.com',
  'forms.gle',
  'script.google.com',
  'blob.core.windows.net',
  'web.core.windows.net',
  'azurewebsites.net',
  'azureedge.net',
  'azurefd.net',
  'cloudapp.azure.com',
  'amazonaws.com',
  'cloudfront.net',
  'awsapprunner.com',
  'amplifyapp.com',
  'pages.dev',
  'workers.dev',
  'r2.dev',
  'cloudflare-ipfs.com',
  'ipfs.io',
  'dweb.link',
  'nftstorage.link',
  'github.io',
  'gitlab.io',
  'netlify.app',
  'vercel.app',
  'herokuapp.com',
  'onrender.com',
  'fly.dev',
  'glitch.me',
  'repl.co',
  'replit.app',
  'weebly.com',
  'wixsite.com',
  'wordpress.com',
  'blogspot.com',
  'square.site',
  'godaddysites.com',
  'webflow.io',
  'notion.site',
  'myportfolio.com',
  'jotform.com',
  'typeform.com',
  'forms.office.com',
  'sharepoint.com',
  'digitaloceanspaces.com',
  'linodeobjects.com',
  'backblazeb2.com',
  'wasabisys.com',
  'myqcloud.com',
  'aliyuncs.com',
  'oraclecloud.com',
  'duckdns.org',
  'ngrok.io',
  'ngrok-free.app',
  'trycloudflare.com',
  'hubspotpagebuilder.com',
  'cprapid.com',
  'translate.goog',
  'canva.site',
]

export function isSharedHost(host: string): boolean {
  return SHARED_HOSTS.some((shared) => host === shared || host.endsWith(`.${shared}`))
}

/** Providers of mailboxes for anybody. */
const FREE_MAIL =
  /^(?:gmail|googlemail|outlook|hotmail|live|msn|yahoo|ymail|aol|gmx|web|mail|proton|protonmail|icloud|yandex|zoho|tutanota)\.(?:com|net|de|fr|it|es|me|ru|co\.uk|co\.jp|com\.br)$/

export function isFreeMail(domain: string): boolean {
  return FREE_MAIL.test(domain)
}
