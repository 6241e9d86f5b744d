import type {
  Bus,
  BusCapabilities,
  BusMessage,
  BusOptions,
  MessageEdit,
  MessageHandler,
  OutgoingMessage,
  SubscribeOptions,
  Subscription,
} from '../bus.js'
import { BusClosedError, BusError, consumerMismatch } from '../bus-error.js'
import { type BusLog, SILENT_BUS_LOG } from '../bus-log.js'
import { closeOnAbort } from '../close-on-abort.js'
import { deadLetterOf } from '../dead-letter.js'
import { editedId } from '../edited-id.js'
import { encodeMessage } from '../encode-message.js'
import { handleMessage } from '../handle-message.js'
import { MAX_PAYLOAD_BYTES } from '../payload-limit.js'
import { STREAMS, type StreamName, streamOfPattern, streamOfSubject } from '../streams.js'
import { checkPattern } from '../subject-pattern.js'
import { isDeadLetter } from '../subjects.js'
import { type SubscribeSettings, subscribeSettings } from '../subscribe-settings.js'
import { MemoryConsumer, type MemoryMember } from './memory-consumer.js'
import { MemoryStream } from './memory-stream.js'
import { MemorySubscription } from './memory-subscription.js'

const STREAM_BYTES = 64 * 1024 * 1024

export interface MemoryBusOptions extends BusOptions {
  readonly now?: () => Date
  /** Bound of each stream; 64 MiB unless set. */
  readonly maxStreamBytes?: number
}

/**
 * A bus within one process, whose messages and durable consumers end with it. Memory is bounded: a durable stream that
 * is full of messages which a consumer has still to handle refuses new ones (`stream-full`).
 */
export class MemoryBus implements Bus {
  readonly capabilities: BusCapabilities = { durable: false, maxPayloadBytes: MAX_PAYLOAD_BYTES }
  readonly #log: BusLog
  readonly #streams: ReadonlyMap<string, MemoryStream>
  readonly #durables = new Map<string, MemoryConsumer>()
  /** Who reads which stream, the durable ones without a subscriber included. */
  readonly #consumers = new Map<MemoryConsumer, MemoryStream>()
  readonly #subscriptions = new Set<Subscription>()
  #closing: Promise<void> | null = null
  #isClosed = false

  constructor({ log = SILENT_BUS_LOG, now = () => new Date(), maxStreamBytes = STREAM_BYTES }: MemoryBusOptions = {}) {
    this.#log = log
    this.#streams = new Map(
      STREAMS.map((definition) => {
        const maxBytes = Math.min(maxStreamBytes, definition.maxBytes ?? maxStreamBytes)
        const stream: MemoryStream = new MemoryStream(definition, {
          maxBytes,
          now,
          isNeeded: (message) => this.#readersOf(stream).some((consumer) => consumer.needs(message)),
        })
        return [definition.name, stream]
      }),
    )
  }

  async publish(message: OutgoingMessage): Promise<void> {
    if (this.#isClosed) throw new BusClosedError()
    const json = encodeMessage(message, this.capabilities.maxPayloadBytes)
    if (this.#append({ subject: message.subject, id: message.id, json })) return
    throw new BusError('stream-full', `the stream of ${message.subject} is full of messages not handled yet`, {
      remedy: 'Wait until its consumers have caught up, then publish the message again.',
    })
  }

  async subscribe(pattern: string, handler: MessageHandler, options: SubscribeOptions = {}): Promise<Subscription> {
    if (this.#closing !== null) throw new BusClosedError()
    checkPattern(pattern)
    const settings = subscribeSettings(options)
    const consumer = this.#consumerOf(pattern, settings)
    const member: MemoryMember = {
      maxInFlight: settings.maxInFlight,
      handle: (message) => handleMessage(message, handler, { maxDeliveries: settings.maxDeliveries, log: this.#log }),
    }
    const subscription = new MemorySubscription(consumer, member, () => {
      this.#subscriptions.delete(subscription)
      if (settings.durable === null) this.#forget(consumer)
    })
    this.#subscriptions.add(subscription)
    closeOnAbort(subscription, options.signal)
    return subscription
  }

  async check(): Promise<void> {
    if (this.#isClosed) throw new BusClosedError()
  }

  async edit(name: StreamName, edit: MessageEdit): Promise<number> {
    if (this.#isClosed) throw new BusClosedError()
    const stream = this.#streams.get(name)!
    let edited = 0
    for (const { seq, subject, id, json } of stream.all()) {
      const decision = edit({ subject, id, payload: JSON.parse(json) as unknown })
      if (decision === 'keep') continue
      edited++
      stream.remove(seq)
      if (decision !== 'remove') await this.publish({ subject, id: editedId(id), payload: decision.payload })
    }
    return edited
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()))
    this.#isClosed = true
    for (const consumer of this.#consumers.keys()) this.#forget(consumer)
  }

  #append(message: { readonly subject: string; readonly id: string; readonly json: string }): boolean {
    const stream = this.#streams.get(streamOfSubject(message.subject).name)!
    const answer = stream.append(message)
    if (answer === 'stored') for (const consumer of this.#readersOf(stream)) consumer.wake()
    return answer !== 'full'
  }

  #consumerOf(pattern: string, { durable, from }: SubscribeSettings): MemoryConsumer {
    const { name } = streamOfPattern(pattern)
    const known = this.#durables.get(`${name} ${durable}`)
    if (known?.pattern === pattern) return known
    if (known !== undefined) throw consumerMismatch(durable!, known.pattern, pattern)
    const stream = this.#streams.get(name)!
    const bury = (message: BusMessage, reason: string) => this.#bury(message, { reason, durable })
    const consumer = new MemoryConsumer({ stream, pattern, from, bury })
    this.#consumers.set(consumer, stream)
    if (durable !== null) this.#durables.set(`${name} ${durable}`, consumer)
    return consumer
  }

  #bury(message: BusMessage, { reason, durable }: { reason: string; durable: string | null }): boolean {
    this.#log.warn({ subject: message.subject, consumer: durable }, 'message goes to the dead letters')
    if (isDeadLetter(message.subject)) return true
    const { maxPayloadBytes } = this.capabilities
    const payloadBytes = Buffer.byteLength(JSON.stringify(message.payload))
    const letter = deadLetterOf(message, { reason, consumer: durable, payloadBytes, maxPayloadBytes })
    return this.#append({ ...letter, json: JSON.stringify(letter.payload) })
  }

  #readersOf(stream: MemoryStream): readonly MemoryConsumer[] {
    return [...this.#consumers].filter(([, read]) => read === stream).map(([consumer]) => consumer)
  }

  #forget(consumer: MemoryConsumer): void {
    consumer.stop()
    this.#consumers.delete(consumer)
  }
}
