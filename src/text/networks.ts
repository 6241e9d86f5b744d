import { BlockList, isIP } from 'node:net'

/** An address and how many of its leading bits name the network. */
export interface Network {
  readonly address: string
  readonly prefix: number
}

/** The network that `address/prefix` names, or an address alone: itself only. Null for anything else. */
export function parseNetwork(text: string): Network | null {
  const slash = text.indexOf('/')
  const address = slash < 0 ? text : text.slice(0, slash)
  const family = isIP(address)
  if (family === 0) return null
  const bits = family === 4 ? 32 : 128
  if (slash < 0) return { address, prefix: bits }
  const length = text.slice(slash + 1)
  return /^\d{1,3}$/.test(length) && Number(length) <= bits ? { address, prefix: Number(length) } : null
}

/** The first and last address of an IPv4 network, as numbers. */
export function rangeOf({ address, prefix }: Network): { readonly first: number; readonly last: number } {
  const size = 2 ** (32 - prefix)
  const number = numberOfBytes(address.split('.').map(Number))
  const first = number - (number % size)
  return { first, last: first + size - 1 }
}

/** A list that holds one IPv6 network. */
export function blockOf({ address, prefix }: Network): BlockList {
  const addresses = new BlockList()
  addresses.addSubnet(address, prefix, 'ipv6')
  return addresses
}

/** The number that bytes make, the first one weighing most; infinite where one is no byte. */
export function numberOfBytes(bytes: readonly number[]): number {
  return bytes.reduce((number, byte) => (byte > 255 ? Number.POSITIVE_INFINITY : number * 256 + byte), 0)
}
