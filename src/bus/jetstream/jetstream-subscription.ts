import { setTimeout as pause } from 'node:timers/promises'
import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream'
import type { BusMessage, MessageHandler, MessageOutcome, Subscription } from '../bus.js'
import type { BusLog } from '../bus-log.js'
import { handleMessage, pauseAfter } from '../handle-message.js'
import type { SubscribeSettings } from '../subscribe-settings.js'
import { decodeMessage } from './decode-message.js'
import type { JetStreamConsumer } from './jetstream-consumer.js'
import type { Namespace } from './namespace.js'

export interface SubscriptionParts {
  readonly consumer: JetStreamConsumer
  readonly settings: SubscribeSettings
  readonly handler: MessageHandler
  readonly namespace: Namespace
  readonly log: BusLog
  /** Keeps a dead letter; rejects where that is not certain. */
  readonly bury: (message: BusMessage, letter: { readonly reason: string; readonly bytes: number }) => Promise<void>
  /** Waits, not for long, until the server has what was sent. */
  readonly flush: () => Promise<void>
}

/** Signs of life per ack wait, so that one may get lost. */
const SIGNS_PER_ACK_WAIT = 3

/** Takes messages from a consumer, as many as may be in flight, until it is closed. */
export class JetStreamSubscription implements Subscription {
  readonly closed: Promise<void>
  readonly #parts: SubscriptionParts
  readonly #inFlight = new Map<JsMsg, Promise<void>>()
  readonly #stop = new AbortController()
  readonly #signsOfLife: NodeJS.Timeout
  #messages: ConsumerMessages | null = null
  #tellRoom: () => void = () => {}

  constructor(parts: SubscriptionParts) {
    this.#parts = parts
    this.#signsOfLife = setInterval(() => this.#signLife(), parts.consumer.ackWaitMs / SIGNS_PER_ACK_WAIT)
    this.closed = this.#run()
  }

  close(): Promise<void> {
    this.#stop.abort()
    this.#messages?.stop()
    this.#tellRoom()
    return this.closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  pending(): Promise<number> {
    return this.#parts.consumer.pending()
  }

  get #isStopping(): boolean {
    return this.#stop.signal.aborted
  }

  async #run(): Promise<void> {
    const { consumer, flush } = this.#parts
    let failures = 0
    while (!this.#isStopping) {
      try {
        if (failures > 0) await consumer.reopen()
        await this.#take()
        failures = 0
      } catch (error) {
        await this.#recover(error, ++failures)
      }
    }
    await Promise.all(this.#inFlight.values())
    clearInterval(this.#signsOfLife)
    await flush()
    await consumer.release()
  }

  /** One request for messages, from asking until the last of them is being handled. */
  async #take(): Promise<void> {
    await this.#room()
    if (this.#isStopping) return
    this.#messages = await this.#parts.consumer.fetch(this.#parts.settings.maxInFlight - this.#inFlight.size)
    if (this.#isStopping) this.#messages.stop()
    for await (const message of this.#messages) {
      // A request that was repeated after a reconnect may bring more than there is room for.
      await this.#room()
      if (this.#isStopping) message.nak()
      else this.#begin(message)
    }
  }

  async #recover(error: unknown, failures: number): Promise<void> {
    if (this.#isStopping) return
    const name = error instanceof Error ? error.message : typeof error
    this.#parts.log.warn({ failures, error: name }, 'subscription was interrupted; it is taken up again')
    await pause(pauseAfter(failures), undefined, { signal: this.#stop.signal }).catch(() => {})
  }

  async #room(): Promise<void> {
    while (this.#inFlight.size >= this.#parts.settings.maxInFlight && !this.#isStopping) {
      await new Promise<void>((resolve) => {
        this.#tellRoom = resolve
      })
    }
  }

  #begin(message: JsMsg): void {
    this.#parts.consumer.began(message.seq)
    const done = this.#handle(message).finally(() => {
      this.#inFlight.delete(message)
      this.#tellRoom()
    })
    this.#inFlight.set(message, done)
  }

  async #handle(raw: JsMsg): Promise<void> {
    const { handler, settings, log, namespace } = this.#parts
    const { message, problem } = decodeMessage(raw, namespace)
    const outcome: MessageOutcome =
      problem === null
        ? await handleMessage(message, handler, { maxDeliveries: settings.maxDeliveries, log })
        : { kind: 'terminate', reason: problem }
    try {
      await this.#settle(raw, message, outcome)
    } catch (error) {
      // Unsettled, it comes again after the ack wait.
      log.warn({ subject: message.subject, error: (error as Error).name }, 'message could not be settled')
    }
  }

  async #settle(raw: JsMsg, message: BusMessage, outcome: MessageOutcome): Promise<void> {
    if (outcome.kind === 'retry') {
      raw.nak(outcome.delayMs)
      return
    }
    if (outcome.kind === 'ack') raw.ack()
    else await this.#terminate(raw, message, outcome.reason)
    this.#parts.consumer.finished(raw.seq)
  }

  /** Lets go of the message only when its dead letter is kept. */
  async #terminate(raw: JsMsg, message: BusMessage, reason: string): Promise<void> {
    try {
      await this.#parts.bury(message, { reason, bytes: raw.data.byteLength })
    } catch (error) {
      raw.nak(pauseAfter(message.deliveries))
      throw error
    }
    raw.term()
  }

  #signLife(): void {
    for (const message of this.#inFlight.keys()) {
      try {
        message.working()
      } catch {
        // The connection is closed for good: the message goes to another member.
      }
    }
  }
}
