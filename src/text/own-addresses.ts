import { type BlockList, isIPv4, isIPv6 } from 'node:net'
import { addressSpellings, encodedSpellings } from './address-spellings.js'
import { blockOf, numberOfBytes, parseNetwork, rangeOf } from './networks.js'

/** An entry that is no address, no network and no name. */
export class OwnAddressError extends Error {
  override readonly name = 'OwnAddressError'

  constructor(entry: string) {
    super(`${JSON.stringify(entry)} is no address, no network (203.0.113.0/24) and no host name`)
  }
}

/** Most entries that are taken. */
export const MOST_OWN_ADDRESSES = 1000

/** A network and the number of its entry; of IPv4 as a range, for texts may be full of such addresses. */
type Network<Addresses> = Addresses & { readonly number: number }
type ShortNetwork = Network<{ readonly first: number; readonly last: number }>
type LongNetwork = Network<{ readonly addresses: BlockList }>

/**
 * Addresses and names of one's own sensors, which nobody outside is to learn. Where one stands in a text it is replaced by
 * `[own-N]`, N being its place in the list. Other spellings of a single IPv4 address are found too: with dashes or zeros,
 * as one number, and in base64. A name stands for the names below it as well.
 */
export class OwnAddresses {
  readonly #shortNetworks: readonly ShortNetwork[]
  readonly #longNetworks: readonly LongNetwork[]
  /** Numbers of single IPv4 addresses and of names, by their spelling in lower case. */
  readonly #numbers: ReadonlyMap<string, number>
  readonly #encoded: ReadonlyMap<string, number>
  readonly #words: RegExp | null
  readonly #encodedWords: RegExp | null

  /** @throws OwnAddressError for an entry that cannot be understood */
  constructor(entries: readonly string[]) {
    const shortNetworks: ShortNetwork[] = []
    const longNetworks: LongNetwork[] = []
    const numbers = new Map<string, number>()
    const encoded = new Map<string, number>()
    for (const [index, given] of entries.entries()) {
      const entry = given.trim().toLowerCase()
      const number = index + 1
      if (isIPv4(entry)) {
        for (const spelling of addressSpellings(entry)) numbers.set(spelling, number)
        for (const spelling of encodedSpellings(entry)) encoded.set(spelling, number)
      } else if (isIPv6(entry) || entry.includes('/')) {
        const network = parseNetwork(entry)
        if (network === null) throw new OwnAddressError(given)
        if (isIPv4(network.address)) shortNetworks.push({ number, ...rangeOf(network) })
        else longNetworks.push({ number, addresses: blockOf(network) })
      } else if (HOST_NAME.test(entry)) numbers.set(entry.replace('*.', ''), number)
      else throw new OwnAddressError(given)
    }
    this.#shortNetworks = shortNetworks
    this.#longNetworks = longNetworks
    this.#numbers = numbers
    this.#encoded = encoded
    this.#words = anyOf([...numbers.keys()], 'gi')
    this.#encodedWords = anyOf([...encoded.keys()], 'g')
  }

  /** Whether there is nothing to mask. */
  get isEmpty(): boolean {
    return this.#numbers.size + this.#shortNetworks.length + this.#longNetworks.length === 0
  }

  /** Whether an address or a host name is one of them. */
  has(host: string): boolean {
    const name = host.toLowerCase()
    if (isIPv4(name)) return this.#numberOfShort(name.split('.').map(Number)) !== undefined
    if (isIPv6(name)) return this.#numberOfLong(name) !== undefined
    for (let at = 0; at >= 0; at = nextLabel(name, at)) if (this.#numbers.has(name.slice(at))) return true
    return false
  }

  /** The text with each of them replaced. Takes time in proportion to the text's length. */
  mask(text: string): string {
    if (this.isEmpty) return text
    return this.#maskLongAddresses(this.#maskAddresses(this.#maskWords(text)))
  }

  #maskWords(text: string): string {
    let masked = text
    if (this.#words !== null) {
      masked = masked.replace(this.#words, (found) => placeholder(this.#numbers.get(found.toLowerCase())!))
    }
    if (this.#encodedWords !== null) {
      masked = masked.replace(this.#encodedWords, (found) => placeholder(this.#encoded.get(found)!))
    }
    return masked
  }

  #maskAddresses(text: string): string {
    let masked = ''
    let done = 0
    for (const match of text.matchAll(DOTTED_LIKE)) {
      const spelled = match[1]!
      if (match.index < done) continue
      const number = this.#numberOfShort(spelled.split(match[2]!).map(Number))
      if (number === undefined) continue
      masked += text.slice(done, match.index) + placeholder(number)
      done = match.index + spelled.length
    }
    return masked + text.slice(done)
  }

  #maskLongAddresses(text: string): string {
    if (this.#longNetworks.length === 0) return text
    return text.replace(COLONS_LIKE, (run) => {
      for (const spelled of [run, run.replace(/^:(?!:)|(?<!:):$|\.$/g, ''), run.replace(/:\d+$/, '')]) {
        const number = isIPv6(spelled) ? this.#numberOfLong(spelled) : undefined
        if (number !== undefined) return run.replace(spelled, placeholder(number))
      }
      return run
    })
  }

  #numberOfShort(bytes: readonly number[]): number | undefined {
    const known = this.#numbers.get(bytes.join('.'))
    if (known !== undefined || this.#shortNetworks.length === 0) return known
    const value = numberOfBytes(bytes)
    return this.#shortNetworks.find(({ first, last }) => first <= value && value <= last)?.number
  }

  #numberOfLong(address: string): number | undefined {
    return this.#longNetworks.find(({ addresses }) => addresses.check(address, 'ipv6'))?.number
  }
}

/** Nothing is one's own. */
export const NO_OWN_ADDRESSES = new OwnAddresses([])

const HOST_NAME = /^(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,32}$/
/** Matches at each place where an address may begin, so that numbers before it hide nothing. */
const DOTTED_LIKE = /(?<!\d)(?=(\d{1,3}([.\-_])\d{1,3}\2\d{1,3}\2\d{1,3})(?!\d))/g
const COLONS_LIKE = /[\da-f]{0,4}:[\da-f:.]{1,45}/gi

function placeholder(number: number): string {
  return `[own-${number}]`
}

/** Where the name begins that is left without its first label; -1 at the end. */
function nextLabel(name: string, at: number): number {
  const dot = name.indexOf('.', at)
  return dot < 0 ? -1 : dot + 1
}

/** A pattern of literal words, longer ones first, that does not match inside a longer word. */
function anyOf(words: readonly string[], flags: 'g' | 'gi'): RegExp | null {
  if (words.length === 0) return null
  const literals = [...words].sort((one, other) => other.length - one.length).map((word) => word.replace(/\W/g, '\\$&'))
  const edges = flags === 'gi' ? (['(?<![\\w-])', '(?![\\w-])'] as const) : (['', ''] as const)
  return new RegExp(`${edges[0]}(?:${literals.join('|')})${edges[1]}`, flags)
}
