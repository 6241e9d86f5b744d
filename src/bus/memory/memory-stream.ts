import { DUPLICATE_WINDOW_MS, type StreamDefinition } from '../streams.js'

/** A message as it is kept. */
export interface StoredMessage {
  readonly seq: number
  readonly subject: string
  readonly id: string
  readonly json: string
  readonly publishedAt: Date
}

export interface MemoryStreamOptions {
  readonly maxBytes: number
  readonly now: () => Date
  /** Whether somebody has still to handle a message. */
  readonly isNeeded: (message: StoredMessage) => boolean
}

/** What a message costs beside its payload. */
const OVERHEAD_BYTES = 400
/** Bounds the memory of a flood: of more ids than that in one duplicate window the oldest are forgotten. */
const MOST_IDS = 100_000

/** The retained messages of one stream, oldest first, within its age and a bound in bytes. */
export class MemoryStream {
  readonly definition: StreamDefinition
  readonly #options: MemoryStreamOptions
  readonly #messages = new Map<number, StoredMessage>()
  /** When each (subject, id) was stored, oldest first. */
  readonly #storedAt = new Map<string, number>()
  #bytes = 0
  #lastSeq = 0

  constructor(definition: StreamDefinition, options: MemoryStreamOptions) {
    this.definition = definition
    this.#options = options
  }

  /** 0 before the first message. */
  get lastSeq(): number {
    return this.#lastSeq
  }

  /** The oldest that is retained; one beyond the last where nothing is. */
  get firstSeq(): number {
    return this.#messages.keys().next().value ?? this.#lastSeq + 1
  }

  get(seq: number): StoredMessage | undefined {
    return this.#messages.get(seq)
  }

  /** What is retained now, oldest first. */
  all(): readonly StoredMessage[] {
    return [...this.#messages.values()]
  }

  /** Takes a message out, whether somebody needs it or not. */
  remove(seq: number): void {
    const message = this.#messages.get(seq)
    if (message !== undefined) this.#drop(message)
  }

  /** Keeps a message unless it is known already. Nothing is changed where the stream is full. */
  append(message: Pick<StoredMessage, 'subject' | 'id' | 'json'>): 'stored' | 'duplicate' | 'full' {
    const publishedAt = this.#options.now()
    this.#forgetOld(publishedAt.getTime())
    const key = `${message.subject} ${message.id}`
    if (this.#storedAt.has(key)) return 'duplicate'
    if (!this.#makeRoom(sizeOf(message))) return 'full'
    this.#storedAt.set(key, publishedAt.getTime())
    this.#bytes += sizeOf(message)
    this.#messages.set(++this.#lastSeq, { ...message, seq: this.#lastSeq, publishedAt })
    return 'stored'
  }

  #forgetOld(now: number): void {
    for (const [key, at] of this.#storedAt) {
      if (now - at < DUPLICATE_WINDOW_MS && this.#storedAt.size < MOST_IDS) break
      this.#storedAt.delete(key)
    }
    for (const message of this.#messages.values()) {
      if (now - message.publishedAt.getTime() < this.definition.maxAgeMs) break
      this.#drop(message)
    }
  }

  /** Lets the oldest go; in a durable stream only those that nobody needs any more. */
  #makeRoom(size: number): boolean {
    for (const message of this.#messages.values()) {
      if (this.#bytes + size <= this.#options.maxBytes) break
      if (this.definition.delivery === 'durable' && this.#options.isNeeded(message)) return false
      this.#drop(message)
    }
    return this.#bytes + size <= this.#options.maxBytes
  }

  #drop(message: StoredMessage): void {
    this.#messages.delete(message.seq)
    this.#bytes -= sizeOf(message)
  }
}

/** Characters, which is as good as bytes for a bound. */
function sizeOf({ subject, id, json }: Pick<StoredMessage, 'subject' | 'id' | 'json'>): number {
  return OVERHEAD_BYTES + subject.length + id.length + json.length
}
