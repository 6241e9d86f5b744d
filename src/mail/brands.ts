import { siteOf } from './host-names.js'

/** Names that mail is forged under, as a sender writes them, and the start of the domains that are theirs. */
const BRANDS: readonly (readonly [name: string, ...domains: string[]])[] = [
  ['paypal'],
  ['amazon'],
  ['apple', 'apple', 'icloud'],
  ['icloud', 'apple', 'icloud'],
  ['microsoft', 'microsoft', 'outlook', 'office', 'live'],
  ['office 365', 'microsoft', 'outlook', 'office', 'live'],
  ['outlook', 'microsoft', 'outlook', 'office', 'live'],
  ['onedrive', 'microsoft', 'onedrive', 'live'],
  ['sharepoint', 'microsoft', 'sharepoint', 'sharepointonline'],
  ['google', 'google', 'gmail', 'youtube'],
  ['facebook', 'facebook', 'facebookmail', 'meta'],
  ['instagram', 'instagram', 'facebookmail', 'meta'],
  ['whatsapp', 'whatsapp', 'facebookmail', 'meta'],
  ['linkedin'],
  ['netflix'],
  ['spotify'],
  ['disney', 'disney', 'disneyplus', 'go'],
  ['dhl', 'dhl', 'deutschepost'],
  ['fedex'],
  ['ups', 'ups', 'upsemail'],
  ['usps'],
  ['dpd'],
  ['royal mail', 'royalmail'],
  ['correios'],
  ['docusign', 'docusign', 'docusigngw'],
  ['adobe', 'adobe', 'adobesign'],
  ['dropbox', 'dropbox', 'dropboxmail'],
  ['wetransfer'],
  ['mcafee'],
  ['norton', 'norton', 'nortonlifelock', 'gendigital'],
  ['metamask'],
  ['coinbase'],
  ['binance'],
  ['trust wallet', 'trustwallet'],
  ['ledger'],
  ['trezor'],
  ['blockchain'],
  ['wells fargo', 'wellsfargo'],
  ['bank of america', 'bankofamerica', 'bofa'],
  ['chase', 'chase', 'jpmorgan'],
  ['citibank', 'citi', 'citibank'],
  ['hsbc'],
  ['santander'],
  ['bradesco'],
  ['itau'],
  ['nubank'],
  ['caixa'],
  ['sparkasse', 'sparkasse', 'sparkassen'],
  ['postbank'],
  ['commerzbank'],
  ['american express', 'americanexpress', 'aexp'],
  ['mastercard'],
  ['visa'],
  ['walmart'],
  ['costco'],
  ['lowes', 'lowes'],
  ['home depot', 'homedepot'],
  ['temu', 'temu', 'temuemail'],
  ['shein'],
  ['starbucks'],
  ['marriott'],
  ['booking.com', 'booking'],
  ['telekom', 'telekom', 't-online'],
  ['vodafone'],
  ['verizon'],
  ['geek squad', 'bestbuy', 'geeksquad'],
  ['harbor freight', 'harborfreight'],
  ['dewalt'],
  ['yeti'],
  ['t-mobile', 't-mobile', 'telekom'],
  ['ebay'],
  ['aliexpress'],
  ['irs', 'irs'],
  ['mercado livre', 'mercadolivre'],
  ['mercado pago', 'mercadopago'],
]

interface Brand {
  readonly name: RegExp
  /** As it stands in a host name. */
  readonly label: string
  readonly domains: readonly string[]
}

const KNOWN: readonly Brand[] = BRANDS.map(([name, ...domains]) => ({
  name: new RegExp(`(?:^|[^a-z0-9])${name.replace('.', '\\.').replace(' ', '[ -]?')}(?:$|[^a-z0-9])`),
  label: name.replace(/[ .]/g, ''),
  domains: domains.length > 0 ? domains : [name],
}))

/** Whether a text names a brand that the domain is none of. */
export function namesBrandOfOthers(text: string, domain: string): boolean {
  const lower = withoutAccents(text.slice(0, LONGEST_NAME)).toLowerCase()
  const owner = ownerOf(domain)
  return KNOWN.some(({ name, domains }) => name.test(lower) && !domains.includes(owner))
}

const LONGEST_NAME = 500

/** Whether a host carries a long brand name, or one that is spelt alike, in a domain that is not the brand's. */
export function hostImitatesBrand(host: string): boolean {
  const owner = ownerOf(host)
  const words = host.split(/[.-]/).map(withoutDigitsForLetters)
  return KNOWN.some(({ label, domains }) => {
    if (label.length < LEAST_LABEL || domains.includes(owner)) return false
    return words.some((word) => word === label) || withoutDigitsForLetters(owner).startsWith(label)
  })
}

const LEAST_LABEL = 5

/** Letters as they are in domain names: styled ones plain, accents gone. */
function withoutAccents(text: string): string {
  return text.normalize('NFKD').replace(/[\u0300-\u036f\u200b-\u200d\u00ad]/g, '')
}

function ownerOf(host: string): string {
  return siteOf(host).split('.')[0]!
}

function withoutDigitsForLetters(label: string): string {
  return label.replace(/0/g, 'o').replace(/[1!]/g, 'l').replace(/3/g, 'e').replace(/5/g, 's').replace(/rn/g, 'm')
}
