import { createHmac } from 'node:crypto'

/** So much of a content's begin, and so much before a place in it, tells it from others. In bytes. */
export const HEAD_BYTES = 1024
export const TAIL_BYTES = 256

/**
 * What tells a content that was read up to a place, wherever it lies now: under another name, as a copy, packed. The
 * digests are keyed, for what they are of may hold a password.
 */
export interface ContentMark {
  /** Bytes of whole lines that were taken. */
  readonly offset: number
  /** Of the first 1024 bytes, or of as many as were taken. */
  readonly head: string
  /** Of the 256 bytes before the offset, or of as many as there are. */
  readonly tail: string
}

export type Digest = (bytes: Buffer) => string

/** Digests under a key; 128 bits. */
export function keyedDigest(key: string): Digest {
  return (bytes) => createHmac('sha256', key).update(bytes).digest('hex').slice(0, 32)
}

export function headLength({ offset }: Pick<ContentMark, 'offset'>): number {
  return Math.min(offset, HEAD_BYTES)
}

export function tailLength({ offset }: Pick<ContentMark, 'offset'>): number {
  return Math.min(offset, TAIL_BYTES)
}

/** The bytes of a content that a mark is made of, kept up to date while the content is read. */
export class MarkedBytes {
  #head: Buffer = Buffer.alloc(0)
  #tail: Buffer = Buffer.alloc(0)
  #offset: number

  /** Begins at the start of a content. */
  constructor(offset = 0, head: Buffer = Buffer.alloc(0), tail: Buffer = Buffer.alloc(0)) {
    this.#offset = offset
    this.#head = head
    this.#tail = tail
  }

  get offset(): number {
    return this.#offset
  }

  get head(): Buffer {
    return this.#head
  }

  get tail(): Buffer {
    return this.#tail
  }

  /** Takes what comes next; copies what it keeps. */
  add(bytes: Buffer): void {
    if (this.#head.length < HEAD_BYTES) {
      this.#head = Buffer.concat([this.#head, bytes.subarray(0, HEAD_BYTES - this.#head.length)])
    }
    const last = bytes.subarray(-TAIL_BYTES)
    this.#tail = Buffer.concat(
      [this.#tail.subarray(last.length - TAIL_BYTES), last].slice(last.length < TAIL_BYTES ? 0 : 1),
    )
    this.#offset += bytes.length
  }

  mark(digest: Digest): ContentMark {
    return { offset: this.#offset, head: digest(this.#head), tail: digest(this.#tail) }
  }
}
