import type { BusLog } from './bus-log.js'
import type { StreamName } from './streams.js'

/** What a publisher says. */
export interface OutgoingMessage {
  readonly subject: string
  /**
   * 1 to 200 printable ASCII characters without spaces that say which message this is: made from what it tells, never
   * from a clock. The same id on the same subject is the same message; on another subject it is another one.
   */
  readonly id: string
  /** Whatever JSON can hold. */
  readonly payload: unknown
}

/** What a subscriber is given. */
export interface BusMessage {
  readonly subject: string
  readonly id: string
  /** Parsed for this delivery alone. Not checked: whoever reads it checks it with the schema of its subject. */
  readonly payload: unknown
  /** When the bus accepted the message, by the clock of the bus. */
  readonly publishedAt: Date
  /** How often the consumer was given this message, this time included. */
  readonly deliveries: number
  /** Its place in its stream: messages that the bus accepted later have higher ones, also in a stream that was made anew. */
  readonly position: number
}

/** What becomes of a message that was handled. */
export type MessageOutcome =
  /** Done; the consumer is never given it again. */
  | { readonly kind: 'ack' }
  /** Not now: again after that many milliseconds (at most a day), to any member of the consumer. */
  | { readonly kind: 'retry'; readonly delayMs: number }
  /** Never: it goes to `deadletter.<subject>` with the reason, which is cut after 500 characters. */
  | { readonly kind: 'terminate'; readonly reason: string }

/** Throwing means *retry*, with a pause that doubles from 100 ms up to 30 s. */
export type MessageHandler = (message: BusMessage) => MessageOutcome | Promise<MessageOutcome>

export interface SubscribeOptions {
  /**
   * Name of a durable consumer. All its subscribers share its messages, each message going to one of them, and it keeps
   * its place while it has none. Left out: a subscriber of its own, which sees every message and is forgotten at the end.
   */
  readonly durable?: string
  /** Where a consumer that does not exist yet begins: `new` (the default) or `all` that is retained. */
  readonly from?: 'new' | 'all'
  /**
   * Most messages that this subscriber handles at once; 1 unless set. With 1 they come in order, but for repeated ones;
   * with more, handlers run side by side, so one that waits for a common commit makes a batch.
   */
  readonly maxInFlight?: number
  /** After that many deliveries a message that is not done goes to the dead letters; 10 unless set. `Infinity`: never. */
  readonly maxDeliveries?: number
  /** Closes the subscription when it aborts. */
  readonly signal?: AbortSignal
}

/** A running subscription. Disposing of it is closing it. */
export interface Subscription extends AsyncDisposable {
  /**
   * Takes no more messages, waits for the handlers that run and settles what they answer. Idempotent. A handler of the
   * subscription itself must not wait for it.
   */
  close(): Promise<void>
  /** Resolves when the subscription has ended, for whatever reason. */
  readonly closed: Promise<void>
  /** Messages that the consumer has still to finish, those in flight or waiting for a retry included. */
  pending(): Promise<number>
  /**
   * How far the consumer has come without a gap.
   *
   * @throws whatever keeps the bus from being asked
   */
  progress(): Promise<ConsumerProgress>
}

/** How far a consumer has come. */
export interface ConsumerProgress {
  /** Every message of the stream up to this position is finished, or was there before the consumer. */
  readonly finishedUntil: number
  readonly pending: number
}

/** What differs between backends. */
export interface BusCapabilities {
  /** Messages and durable consumers survive the process. */
  readonly durable: boolean
  /** Largest payload in bytes of JSON. */
  readonly maxPayloadBytes: number
}

/**
 * Carries messages between the parts of a swarm, at least once: a message comes again when its subscriber dies, and may
 * come again when it was slow. A subscription outlives the loss of its server and goes on where it was.
 */
export interface Bus extends AsyncDisposable {
  readonly capabilities: BusCapabilities

  /**
   * Resolves only after the bus has stored the message. Safe to repeat: for two minutes the id deduplicates. A rejection
   * with code `unconfirmed` means that it may or may not be stored: repeat it with the same id.
   *
   * @throws BusClosedError, SubjectError, or BusError (`bad-message`, `too-large`, `no-stream`, `stream-full`,
   *   `unconfirmed`, `refused`)
   */
  publish(message: OutgoingMessage): Promise<void>

  /**
   * Resolves when the consumer is registered: what is published from then on is seen. A pattern (`*` one token, `>` the
   * rest) must lie within one stream of `streams.ts`.
   *
   * @throws BusClosedError, SubjectError, or BusError (`bad-option`, `no-stream`, `consumer-mismatch`)
   */
  subscribe(pattern: string, handler: MessageHandler, options?: SubscribeOptions): Promise<Subscription>

  /**
   * Resolves when the bus answers.
   *
   * @throws BusClosedError, or BusError `unreachable` where it does not do so within two seconds
   */
  check(): Promise<void>

  /**
   * Goes once through what a stream holds at the call, and takes out or changes what `edit` says. A changed message is a new
   * one at the end of the stream, which consumers are given whether they had the old one or not. Answers how many were
   * taken out or changed. What is taken out cannot be read again by anybody.
   *
   * @throws BusClosedError, or BusError
   */
  edit(stream: StreamName, edit: MessageEdit): Promise<number>

  /** Closes every subscription, then refuses to publish. Idempotent. */
  close(): Promise<void>
}

/** What becomes of a retained message: it stays, it goes, or another payload takes its place. */
export type MessageEdit = (
  message: Pick<BusMessage, 'subject' | 'id' | 'payload'>,
) => 'keep' | 'remove' | { readonly payload: unknown }

/** What every backend takes. */
export interface BusOptions {
  readonly log?: BusLog
}
