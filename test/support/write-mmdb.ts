import { writeFileSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { expandIpv6 } from '../../src/events/address.js'

type Value = string | number | { readonly [key: string]: Value }

/** What a database says of networks: `{ '192.0.2.0/24': { country_code: 'DE' } }`. No network may lie in another. */
export type MmdbRecords = Readonly<Record<string, Readonly<Record<string, Value>>>>

/** Writes a small MaxMind DB file (format 2.0): IPv4 under ::/96, records of 24 bits. */
export function writeMmdb(path: string, records: MmdbRecords): string {
  writeFileSync(path, encodeMmdb(records))
  return path
}

/** A node's two sides: another node, the offset of data, or nothing. */
type Side = { node: Node } | { data: number } | null
type Node = [Side, Side]

export function encodeMmdb(records: MmdbRecords): Buffer {
  const root: Node = [null, null]
  let data = Buffer.alloc(0)
  for (const [network, record] of Object.entries(records)) {
    insert(root, bitsOf(network), data.length)
    data = Buffer.concat([data, encode(record)])
  }
  const nodes = nodesOf(root)
  const tree = Buffer.alloc(nodes.length * 6)
  const places = new Map(nodes.map((node, index) => [node, index]))
  for (const [index, node] of nodes.entries()) {
    for (const [at, side] of node.entries()) tree.writeUIntBE(recordOf(side, places), index * 6 + at * 3, 3)
  }
  return Buffer.concat([tree, Buffer.alloc(16), data, METADATA_MARK, encode(metadata(nodes.length))])
}

const METADATA_MARK = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')])

function metadata(nodeCount: number): Record<string, Value> {
  return {
    node_count: nodeCount,
    record_size: 24,
    ip_version: 6,
    database_type: 'Test',
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 0,
    description: {},
  }
}

function bitsOf(network: string): string {
  const [address = '', length = ''] = network.split('/')
  const isV4 = isIPv4(address)
  const bits = isV4
    ? address.split('.').map((part) => Number(part).toString(2).padStart(8, '0'))
    : expandIpv6(address).map((group) => group.toString(2).padStart(16, '0'))
  return isV4 ? '0'.repeat(96) + bits.join('').slice(0, Number(length)) : bits.join('').slice(0, Number(length))
}

function insert(root: Node, bits: string, data: number): void {
  let node = root
  for (const bit of bits.slice(0, -1)) {
    const side = Number(bit)
    const next = node[side]
    if (next && 'data' in next) throw new Error('a network lies in another')
    const child: Node = next?.node ?? [null, null]
    node[side] = { node: child }
    node = child
  }
  node[Number(bits.at(-1))] = { data }
}

function nodesOf(root: Node): readonly Node[] {
  const nodes = [root]
  for (const node of nodes) for (const side of node) if (side && 'node' in side) nodes.push(side.node)
  return nodes
}

function recordOf(side: Side, places: ReadonlyMap<Node, number>): number {
  if (side === null) return places.size
  return 'node' in side ? places.get(side.node)! : places.size + 16 + side.data
}

const TEXT = 2
const UINT32 = 6
const MAP = 7

function encode(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(TEXT, Buffer.byteLength(value)), Buffer.from(value)])
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return Buffer.concat([control(UINT32, 4), bytes])
  }
  const pairs = Object.entries(value)
  return Buffer.concat([control(MAP, pairs.length), ...pairs.flatMap(([key, item]) => [encode(key), encode(item)])])
}

/** Sizes from 29 on stand in a byte of their own. */
function control(type: number, size: number): Buffer {
  return size < 29 ? Buffer.from([(type << 5) | size]) : Buffer.from([(type << 5) | 29, size - 29])
}
