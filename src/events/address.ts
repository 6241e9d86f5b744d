import { BlockList, isIPv4, isIPv6 } from 'node:net'

/**
 * The canonical text of what one attacker is: an IPv4 address as it stands, an IPv6 address as its /64 network
 * (RFC 5952 spelling), an IPv4-mapped address as that IPv4 address. Anything else stays as it was written, in lower case.
 */
export function canonicalAddress(address: string): string {
  if (isIPv4(address)) return address
  const withoutZone = address.split('%', 1)[0]!
  if (!isIPv6(withoutZone)) return address.toLowerCase()
  const groups = expandIpv6(withoutZone)
  if (isMappedIpv4(groups)) return embeddedIpv4(groups)
  return `${compressIpv6([...groups.slice(0, 4), 0, 0, 0, 0])}/64`
}

/** An address without its zone, and an IPv4 address that is written as IPv6 as IPv4; what is no address as it stands. */
export function plainAddress(address: string): string {
  if (isIPv4(address)) return address
  const groups = ipv6Groups(address)
  if (groups === null) return address
  return isMappedIpv4(groups) ? embeddedIpv4(groups) : address.split('%', 1)[0]!
}

/**
 * The part of an address that one network mostly has to itself: of IPv4 the first 16 bits, of IPv6 the first 32; null for
 * what is no address.
 */
export function networkPrefix(address: string): string | null {
  const plain = plainAddress(address)
  if (isIPv4(plain)) return plain.split('.', 2).join('.')
  return isIPv6(plain) ? expandIpv6(plain).slice(0, 2).join(':') : null
}

/** Whether an address can be that of somebody out on the internet; those kept for documentation count as such. */
export function isPublicAddress(address: string): boolean {
  const plain = plainAddress(address)
  if (isIPv4(plain)) return !NOT_PUBLIC.check(plain)
  return isIPv6(plain) && expandIpv6(plain)[0]! >> 13 === GLOBAL_UNICAST
}

/** The first three bits of all IPv6 addresses that are given out. */
const GLOBAL_UNICAST = 0b001

const NOT_PUBLIC = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  NOT_PUBLIC.addSubnet(network, bits)
}

function ipv6Groups(address: string): readonly number[] | null {
  const withoutZone = address.split('%', 1)[0]!
  return isIPv6(withoutZone) ? expandIpv6(withoutZone) : null
}

function isMappedIpv4(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
}

function embeddedIpv4(groups: readonly number[]): string {
  const high = groups[6]!
  const low = groups[7]!
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}

/** The eight 16-bit groups of a valid IPv6 address. */
export function expandIpv6(address: string): number[] {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const text = dotted
    ? `${address.slice(0, dotted.index)}${hexPair(dotted[1]!, dotted[2]!)}:${hexPair(dotted[3]!, dotted[4]!)}`
    : address
  const [left = '', right] = text.split('::', 2)
  const head = parseGroups(left)
  if (right === undefined) return head
  const tail = parseGroups(right)
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}

function hexPair(high: string, low: string): string {
  return ((Number(high) << 8) | Number(low)).toString(16)
}

function parseGroups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}

/** RFC 5952: the longest run of two or more zero groups becomes `::`, the first one where two are equal. */
function compressIpv6(groups: readonly number[]): string {
  let best = { start: -1, length: 1 }
  for (let start = 0; start < groups.length; start++) {
    let length = 0
    while (groups[start + length] === 0) length++
    if (length > best.length) best = { start, length }
  }
  const spell = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':')
  if (best.start < 0) return spell(groups)
  return `${spell(groups.slice(0, best.start))}::${spell(groups.slice(best.start + best.length))}`
}
