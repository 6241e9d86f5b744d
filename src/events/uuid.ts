import { hash } from 'node:crypto'

const SEPARATOR = /-/g

/** A namespace for UUIDv5 names: 16 bytes. */
export type UuidNamespace = Buffer

/** Turns the text form of a UUID into a namespace. */
export function uuidNamespace(uuid: string): UuidNamespace {
  return Buffer.from(uuid.replace(SEPARATOR, ''), 'hex')
}

let scratch = Buffer.alloc(4096)

/** UUIDv5 of `name` under `namespace` (RFC 9562, section 5.5). */
export function uuidV5(namespace: UuidNamespace, name: string): string {
  const needed = 16 + name.length * 3
  if (scratch.length < needed) scratch = Buffer.alloc(needed)
  namespace.copy(scratch)
  const length = 16 + scratch.write(name, 16, 'utf8')
  const digest = hash('sha1', scratch.subarray(0, length), 'hex')
  const variant = VARIANTS[Number.parseInt(digest[16]!, 16) & 3]!
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`
}

const VARIANTS = ['8', '9', 'a', 'b'] as const
