export interface Compression {
  readonly name: string
  /** The bytes that a file of this kind begins with; null stands for any byte. */
  readonly magic: readonly (number | null)[]
  /** The command that writes such a file's contents to standard output; null where this program unpacks it itself. */
  readonly unpackWith: string | null
}

const COMPRESSIONS: readonly Compression[] = [
  { name: 'gzip', magic: [0x1f, 0x8b, 0x08], unpackWith: null },
  { name: 'Zstandard', magic: [0x28, 0xb5, 0x2f, 0xfd], unpackWith: 'zstd -dc' },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], unpackWith: 'xz -dc' },
  { name: 'bzip2', magic: [0x42, 0x5a, 0x68, null, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59], unpackWith: 'bzip2 -dc' },
  { name: 'LZ4', magic: [0x04, 0x22, 0x4d, 0x18], unpackWith: 'lz4 -dc' },
  { name: 'ZIP', magic: [0x50, 0x4b, 0x03, 0x04], unpackWith: 'unzip -p' },
]

/** As many bytes of a file's head tell its compression. */
export const MAGIC_BYTES = Math.max(...COMPRESSIONS.map(({ magic }) => magic.length))

/** How a file that begins with `head` is compressed: by its first bytes, whatever its name says. Null if it is not. */
export function detectCompression(head: Buffer): Compression | null {
  const fits = ({ magic }: Compression) => magic.every((byte, index) => byte === null || head[index] === byte)
  return COMPRESSIONS.find((compression) => head.length >= compression.magic.length && fits(compression)) ?? null
}
