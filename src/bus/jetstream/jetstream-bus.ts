import { setTimeout as pause } from 'node:timers/promises'
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
import { BusClosedError, BusError } from '../bus-error.js'
import { type BusLog, SILENT_BUS_LOG } from '../bus-log.js'
import { closeOnAbort } from '../close-on-abort.js'
import { deadLetterOf } from '../dead-letter.js'
import { encodeMessage } from '../encode-message.js'
import { HEADROOM_BYTES } from '../payload-limit.js'
import { type StreamName, streamOfPattern } from '../streams.js'
import { checkPattern } from '../subject-pattern.js'
import { isDeadLetter } from '../subjects.js'
import { subscribeSettings } from '../subscribe-settings.js'
import { editStream } from './edit-stream.js'
import { JetStreamConsumer } from './jetstream-consumer.js'
import { JetStreamPublisher } from './jetstream-publisher.js'
import { JetStreamServer } from './jetstream-server.js'
import { JetStreamSubscription } from './jetstream-subscription.js'

export interface JetStreamBusOptions extends BusOptions {
  /** In how many milliseconds a message of a subscriber that gives no sign of life goes to another; 10 s unless set. */
  readonly ackWaitMs?: number
  /** For how many milliseconds a publication is tried; 30 s unless set. */
  readonly publishPatienceMs?: number
}

const ACK_WAIT_MS = 10_000
const PUBLISH_PATIENCE_MS = 30_000
const FLUSH_MS = 2_000

/** A bus over NATS JetStream. */
export class JetStreamBus implements Bus {
  readonly capabilities: BusCapabilities
  readonly #server: JetStreamServer
  readonly #log: BusLog
  readonly #ackWaitMs: number
  readonly #publisher: JetStreamPublisher
  readonly #subscriptions = new Set<Subscription>()
  #closing: Promise<void> | null = null
  #isClosed = false

  private constructor(server: JetStreamServer, options: JetStreamBusOptions) {
    this.#server = server
    this.#log = options.log ?? SILENT_BUS_LOG
    this.#ackWaitMs = options.ackWaitMs ?? ACK_WAIT_MS
    this.#publisher = new JetStreamPublisher(server, options.publishPatienceMs ?? PUBLISH_PATIENCE_MS)
    const { max_payload } = server.connection.info!
    this.capabilities = { durable: true, maxPayloadBytes: max_payload - HEADROOM_BYTES }
  }

  /**
   * Connects to `nats://[user:password@]host[:port][/namespace]` and makes the streams that are missing.
   *
   * @throws BusError (`bad-url`, `unreachable`, `not-authorised`, `jetstream-disabled`, `stream-mismatch`,
   *   `stream-overlap`)
   */
  static async open(url: string, options: JetStreamBusOptions = {}): Promise<JetStreamBus> {
    return new JetStreamBus(await JetStreamServer.connect(url, options.log ?? SILENT_BUS_LOG), options)
  }

  async publish(message: OutgoingMessage): Promise<void> {
    if (this.#isClosed) throw new BusClosedError()
    const json = encodeMessage(message, this.capabilities.maxPayloadBytes)
    await this.#publisher.store({ ...message, json })
  }

  async subscribe(pattern: string, handler: MessageHandler, options: SubscribeOptions = {}): Promise<Subscription> {
    if (this.#closing !== null) throw new BusClosedError()
    checkPattern(pattern)
    streamOfPattern(pattern)
    const { durable, from, maxInFlight, maxDeliveries } = subscribeSettings(options)
    const consumer = await JetStreamConsumer.open(this.#server, { pattern, durable, from, ackWaitMs: this.#ackWaitMs })
    if (this.#closing !== null) {
      await consumer.release()
      throw new BusClosedError()
    }
    const subscription = new JetStreamSubscription({
      consumer,
      handler,
      maxInFlight,
      maxDeliveries,
      namespace: this.#server.namespace,
      created: () => consumer.streamCreated,
      log: this.#log,
      bury: (message, { reason, bytes }) => this.#bury(message, { reason, payloadBytes: bytes, consumer: durable }),
      watch: this.#server.watch,
      flush: () => this.#flush(),
    })
    this.#subscriptions.add(subscription)
    void subscription.closed.then(() => this.#subscriptions.delete(subscription))
    closeOnAbort(subscription, options.signal)
    return subscription
  }

  async check(): Promise<void> {
    if (this.#isClosed) throw new BusClosedError()
    if (await this.#flush()) return
    throw new BusError('unreachable', 'the NATS server does not answer', { remedy: 'Is it running? See its log.' })
  }

  edit(stream: StreamName, edit: MessageEdit): Promise<number> {
    if (this.#isClosed) throw new BusClosedError()
    return editStream(this.#server, stream, { edit, publish: (message) => this.publish(message) })
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
    await this.#publisher.stop()
    await this.#server.connection.close()
  }

  async #bury(message: BusMessage, cause: { reason: string; payloadBytes: number; consumer: string | null }) {
    this.#log.warn({ subject: message.subject, consumer: cause.consumer }, 'message goes to the dead letters')
    if (isDeadLetter(message.subject)) return
    const letter = deadLetterOf(message, { ...cause, maxPayloadBytes: this.capabilities.maxPayloadBytes })
    await this.#publisher.store({ ...letter, json: JSON.stringify(letter.payload) })
  }

  /** What was settled never reaches a server that is away; those messages come again. */
  async #flush(): Promise<boolean> {
    const late = new AbortController()
    const flushed = this.#server.connection.flush().then(
      () => true,
      () => false,
    )
    const given = pause(FLUSH_MS, false, { signal: late.signal }).catch(() => false)
    const isFlushed = await Promise.race([flushed, given])
    late.abort()
    return isFlushed
  }
}
