import type { BigIntStats } from 'node:fs'
import type { FilePosition } from './file-position.js'

/** What stays the same as long as the file is the same: device and inode. */
export function identityOf({ dev, ino }: Pick<BigIntStats, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`
}

/** What changes whenever the content of a file does, or its name. */
export function stampOf({ size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${size}:${mtimeNs}:${ctimeNs}`
}

/** What is kept of a file that was read as a whole, to know it again. */
export function wholeOf({ size, mtimeNs }: BigIntStats): NonNullable<FilePosition['whole']> {
  return { size: String(size), changed: String(mtimeNs) }
}
