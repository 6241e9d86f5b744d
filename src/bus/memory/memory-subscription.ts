import type { ConsumerProgress, Subscription } from '../bus.js'
import type { MemoryConsumer, MemoryMember } from './memory-consumer.js'

/** The stay of one member at a consumer. */
export class MemorySubscription implements Subscription {
  readonly closed: Promise<void>
  readonly #consumer: MemoryConsumer
  readonly #member: MemoryMember
  readonly #onClosed: () => void
  #closing: Promise<void> | null = null
  #tellClosed!: () => void

  constructor(consumer: MemoryConsumer, member: MemoryMember, onClosed: () => void) {
    this.#consumer = consumer
    this.#member = member
    this.#onClosed = onClosed
    this.closed = new Promise((resolve) => {
      this.#tellClosed = resolve
    })
    consumer.join(member)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async pending(): Promise<number> {
    return this.#consumer.pending()
  }

  async progress(): Promise<ConsumerProgress> {
    return this.#consumer.progress()
  }

  async #close(): Promise<void> {
    await this.#consumer.leave(this.#member)
    this.#onClosed()
    this.#tellClosed()
  }
}
