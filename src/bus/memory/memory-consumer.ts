import type { BusMessage, ConsumerProgress, MessageOutcome } from '../bus.js'
import { pauseAfter } from '../handle-message.js'
import { subjectMatches } from '../subject-pattern.js'
import type { MemoryStream, StoredMessage } from './memory-stream.js'

/** One subscriber of a consumer. */
export interface MemoryMember {
  readonly maxInFlight: number
  /** Handles a message; never throws. */
  handle(message: BusMessage): Promise<MessageOutcome>
}

export interface MemoryConsumerOptions {
  readonly stream: MemoryStream
  readonly pattern: string
  readonly from: 'new' | 'all'
  /** Keeps a dead letter; false where there is no room for it now. */
  readonly bury: (message: BusMessage, reason: string) => boolean
}

/** A place in a stream, and the subscribers that share what comes from there on. */
export class MemoryConsumer {
  readonly pattern: string
  readonly #options: MemoryConsumerOptions
  /** Handlers that run, by member. */
  readonly #running = new Map<MemoryMember, Set<Promise<void>>>()
  /** Deliveries of what was given out or waits for a retry, by seq. */
  readonly #unfinished = new Map<number, number>()
  readonly #timers = new Set<NodeJS.Timeout>()
  /** Retries that are due. */
  readonly #due: number[] = []
  /** The next message to look at. */
  #cursor: number
  #isPumpSet = false
  #isStopped = false

  constructor(options: MemoryConsumerOptions) {
    this.pattern = options.pattern
    this.#options = options
    this.#cursor = options.from === 'all' ? options.stream.firstSeq : options.stream.lastSeq + 1
  }

  join(member: MemoryMember): void {
    this.#running.set(member, new Set())
    this.wake()
  }

  /** Gives the member nothing more; resolves when what it has is done. */
  async leave(member: MemoryMember): Promise<void> {
    const running = this.#running.get(member)
    this.#running.delete(member)
    if (running !== undefined) await Promise.all(running)
  }

  /** Ends for good: no retry comes any more. */
  stop(): void {
    this.#isStopped = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  /** Gives out what there is, but not within the caller's turn: a handler that publishes must not starve the process. */
  wake(): void {
    if (this.#isPumpSet || this.#isStopped) return
    this.#isPumpSet = true
    setImmediate(() => {
      this.#isPumpSet = false
      this.#pump()
    })
  }

  /** Whether the message has still to be handled here. */
  needs({ seq, subject }: StoredMessage): boolean {
    return this.#unfinished.has(seq) || (seq >= this.#cursor && subjectMatches(this.pattern, subject))
  }

  pending(): number {
    const { stream } = this.#options
    let count = this.#unfinished.size
    for (let seq = Math.max(this.#cursor, stream.firstSeq); seq <= stream.lastSeq; seq++) {
      if (this.#isMine(stream.get(seq))) count++
    }
    return count
  }

  progress(): ConsumerProgress {
    return { finishedUntil: this.#finishedUntil(), pending: this.pending() }
  }

  #finishedUntil(): number {
    if (this.#unfinished.size > 0) return Math.min(...this.#unfinished.keys()) - 1
    const { stream } = this.#options
    let next = Math.max(this.#cursor, stream.firstSeq)
    while (next <= stream.lastSeq && !this.#isMine(stream.get(next))) next++
    return next - 1
  }

  /** A message may have been taken out of the stream. */
  #isMine(message: StoredMessage | undefined): message is StoredMessage {
    return message !== undefined && subjectMatches(this.pattern, message.subject)
  }

  #pump(): void {
    for (let member = this.#idlestMember(); member !== undefined; member = this.#idlestMember()) {
      const stored = this.#next()
      if (stored === undefined) return
      this.#give(member, stored)
    }
  }

  #idlestMember(): MemoryMember | undefined {
    let idlest: MemoryMember | undefined
    let fewest = Number.POSITIVE_INFINITY
    for (const [member, { size }] of this.#running) {
      if (size >= member.maxInFlight || size >= fewest) continue
      idlest = member
      fewest = size
    }
    return idlest
  }

  #next(): StoredMessage | undefined {
    const { stream } = this.#options
    while (this.#due.length > 0) {
      const seq = this.#due.shift()!
      const stored = stream.get(seq)
      if (stored !== undefined) return stored
      // It grew too old while it waited, or was taken out.
      this.#unfinished.delete(seq)
    }
    for (this.#cursor = Math.max(this.#cursor, stream.firstSeq); this.#cursor <= stream.lastSeq; ) {
      const stored = stream.get(this.#cursor++)
      if (this.#isMine(stored)) return stored
    }
    return undefined
  }

  #give(member: MemoryMember, stored: StoredMessage): void {
    const deliveries = (this.#unfinished.get(stored.seq) ?? 0) + 1
    this.#unfinished.set(stored.seq, deliveries)
    const { subject, id, publishedAt, json } = stored
    const message = { subject, id, publishedAt, deliveries, position: stored.seq, payload: JSON.parse(json) as unknown }
    const running = this.#running.get(member)!
    const done = member.handle(message).then((outcome) => {
      this.#settle(stored.seq, message, outcome)
      running.delete(done)
      this.wake()
    })
    running.add(done)
  }

  #settle(seq: number, message: BusMessage, outcome: MessageOutcome): void {
    if (outcome.kind === 'retry') this.#again(seq, outcome.delayMs)
    else if (outcome.kind === 'ack' || this.#options.bury(message, outcome.reason)) this.#unfinished.delete(seq)
    else this.#again(seq, pauseAfter(message.deliveries))
  }

  #again(seq: number, delayMs: number): void {
    if (this.#isStopped) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#due.push(seq)
      this.wake()
    }, delayMs)
    this.#timers.add(timer)
  }
}
