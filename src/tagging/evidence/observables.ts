import { createHash } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'
import type { Observables } from '../../events/source-kinds.js'
import { NO_OWN_ADDRESSES, type OwnAddresses } from '../../text/own-addresses.js'

/** Most values of one kind that one tag may carry. */
const MAX_VALUES = 16

/** Classes without nesting, so that every pattern takes linear time whatever was typed. */
const URL_LIKE =
  /\b(?:https?|s?ftps?|tftp|ldaps?|rmi|wss?|tcp|udp|stratum\+(?:tcp|ssl)):\/\/[^\s'"<>|;`\\(){},]{1,512}/gi
const IPV4_LIKE = /(?<![\d.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])/g
const SHA256_LIKE = /\b[0-9a-f]{64}\b/gi
const PUBLIC_KEY = /\b(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3})\s+(AAAA[A-Za-z0-9+/]{16,2048}={0,2})/g
const MONERO_WALLET = /\b[48][1-9A-HJ-NP-Za-km-z]{94}\b/g
const BITCOIN_WALLET = /\b(?:bc1[ac-hj-np-z02-9]{25,62}|[13][1-9A-HJ-NP-Za-km-z]{25,34})\b/g

/** What an analyst pivots on, gathered from texts that an attacker wrote. Nothing is resolved or fetched. */
export class ObservableCollector {
  readonly #values = new Map<keyof Observables, Set<string>>()
  readonly #own: OwnAddresses

  /** @param own addresses and names that are left out: nobody is to pivot on the sensors themselves */
  constructor(own: OwnAddresses = NO_OWN_ADDRESSES) {
    this.#own = own
  }

  /**
   * Gathers from one text.
   *
   * @param masked the text with its secrets masked: addresses of pages may carry passwords
   * @param original the text as it was, for public keys, whose fingerprint is no secret
   */
  addText(masked: string, original: string = masked): this {
    this.addPlaces(masked)
    for (const [digest] of masked.matchAll(SHA256_LIKE)) this.#add('file_hashes', digest.toLowerCase())
    for (const [wallet] of masked.matchAll(MONERO_WALLET)) this.#add('wallets', wallet)
    for (const [wallet] of masked.matchAll(BITCOIN_WALLET)) this.#add('wallets', wallet)
    for (const [, key = ''] of original.matchAll(PUBLIC_KEY)) this.#add('key_fingerprints', keyFingerprint(key))
    return this
  }

  /** Gathers URLs, hosts and addresses only: where a text may be a key, what looks like a digest may be one too. */
  addPlaces(masked: string): this {
    for (const [url] of masked.matchAll(URL_LIKE)) this.addUrl(url)
    for (const [address] of masked.matchAll(IPV4_LIKE)) this.addHost(address)
    return this
  }

  addUrl(url: string): this {
    const host = hostOf(url)
    if (host !== null && this.#own.has(host)) return this
    this.#add('urls', this.#own.mask(url.slice(0, 512)))
    if (host !== null) this.addHost(host)
    return this
  }

  /** Adds an address or a name; addresses of the decoy itself say nothing. */
  addHost(host: string): this {
    if (this.#own.has(host)) return this
    if (isIPv4(host) || isIPv6(host)) {
      if (!isLocalAddress(host)) this.#add('addresses', host)
    } else if (HOST_NAME.test(host) && host.length <= 253) {
      this.#add('hosts', host.toLowerCase())
    }
    return this
  }

  addFileHash(digest: string): this {
    this.#add('file_hashes', digest)
    return this
  }

  collect(): Observables {
    return Object.fromEntries([...this.#values].map(([kind, values]) => [kind, [...values]]))
  }

  #add(kind: keyof Observables, value: string): void {
    const values = this.#values.get(kind)
    if (values === undefined) this.#values.set(kind, new Set([value]))
    else if (values.size < MAX_VALUES) values.add(value)
  }
}

const HOST_NAME = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.[a-z][a-z0-9-]{1,62}$/i

/** The host of a URL-like text, without user, port and brackets; null where it is no address and no name. */
export function hostOf(url: string): string | null {
  const scheme = url.indexOf('://')
  const start = scheme < 0 ? 0 : scheme + 3
  const authority = /^[^/?#]*/.exec(url.slice(start))![0]
  const withoutUser = authority.slice(authority.lastIndexOf('@') + 1)
  const bracketed = /^\[([^\]]*)\]/.exec(withoutUser)
  const host = bracketed ? bracketed[1]! : withoutUser.replace(/:\d*$/, '')
  return isIPv4(host) || isIPv6(host) || (host.length <= 253 && HOST_NAME.test(host)) ? host : null
}

function isLocalAddress(address: string): boolean {
  return address.startsWith('127.') || address.startsWith('0.') || address.startsWith('255.') || address === '::1'
}

/** As OpenSSH prints it: SHA-256 of the key's bytes in base64 without padding. */
function keyFingerprint(base64: string): string {
  const digest = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64')
  return `SHA256:${digest.replace(/=+$/, '')}`
}
