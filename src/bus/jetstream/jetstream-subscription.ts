import { setMaxListeners } from 'node:events'
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import type { ConsumerMessages, JsMsg } from '@nats-io/jetstream'
import type { ConsumerProgress, Subscription } from '../bus.js'
import { pauseAfter } from '../handle-message.js'
import type { JetStreamConsumer } from './jetstream-consumer.js'
import { type SettlementParts, settleMessage } from './settle-message.js'

export interface SubscriptionParts extends SettlementParts {
  readonly consumer: JetStreamConsumer
  readonly maxInFlight: number
  /** Waits, not for long, until the server has what was sent; false if it has not. */
  readonly flush: () => Promise<boolean>
}

/** Signs of life per ack wait, so that one may get lost. */
const SIGNS_PER_ACK_WAIT = 3
const LONGEST_PAUSE_MS = 2_000

/** Takes messages from a consumer, as many as may be in flight, until it is closed. */
export class JetStreamSubscription implements Subscription {
  readonly closed: Promise<void>
  readonly #parts: SubscriptionParts
  readonly #inFlight = new Map<JsMsg, Promise<void>>()
  readonly #stop = new AbortController()
  readonly #signsOfLife: NodeJS.Timeout
  #messages: ConsumerMessages | null = null
  #isInterrupted = false
  #tellRoom: () => void = () => {}

  constructor(parts: SubscriptionParts) {
    this.#parts = parts
    setMaxListeners(0, this.#stop.signal)
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

  progress(): Promise<ConsumerProgress> {
    return this.#parts.consumer.progress()
  }

  #interrupt(): void {
    this.#isInterrupted = true
    this.#messages?.stop()
  }

  get #isStopping(): boolean {
    return this.#stop.signal.aborted
  }

  async #run(): Promise<void> {
    const { consumer, flush, watch } = this.#parts
    // The request went down with the connection, and maybe the consumer with its server.
    const forget = watch.onReconnect(() => this.#interrupt())
    let failures = 0
    while (!this.#isStopping) {
      try {
        while (this.#isInterrupted) {
          this.#isInterrupted = false
          await consumer.reopen()
        }
        await this.#take()
        failures = 0
      } catch (error) {
        this.#isInterrupted = true
        await this.#recover(error, ++failures)
      }
    }
    forget()
    await Promise.all(this.#inFlight.values())
    clearInterval(this.#signsOfLife)
    if (await flush()) await consumer.release()
  }

  /** One request for messages, from asking until the last of them is being handled. */
  async #take(): Promise<void> {
    await this.#room()
    // Handlers that end in this turn make room for one larger request instead of many small ones.
    await nextTurn()
    if (this.#isStopping) return
    this.#messages = await this.#parts.consumer.fetch(this.#parts.maxInFlight - this.#inFlight.size)
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
    await pause(Math.min(LONGEST_PAUSE_MS, pauseAfter(failures)), undefined, { signal: this.#stop.signal }).catch(
      () => {},
    )
  }

  async #room(): Promise<void> {
    while (this.#inFlight.size >= this.#parts.maxInFlight && !this.#isStopping) {
      await new Promise<void>((resolve) => {
        this.#tellRoom = resolve
      })
    }
  }

  #begin(message: JsMsg): void {
    const { consumer } = this.#parts
    consumer.began(message.seq)
    const done = settleMessage(message, this.#parts, this.#stop.signal).then((isFinished) => {
      if (isFinished) consumer.finished(message.seq)
      this.#inFlight.delete(message)
      this.#tellRoom()
    })
    this.#inFlight.set(message, done)
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
