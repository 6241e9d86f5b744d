import {
  AckPolicy,
  type ConsumerConfig,
  type ConsumerInfo,
  type ConsumerMessages,
  DeliverPolicy,
  type StreamInfo,
} from '@nats-io/jetstream'
import { millis, nanos } from '@nats-io/transport-node'
import type { ConsumerProgress } from '../bus.js'
import { consumerMismatch } from '../bus-error.js'
import { type StreamDefinition, streamOfPattern } from '../streams.js'
import { API_CODE, apiCode } from './jetstream-errors.js'
import type { JetStreamServer } from './jetstream-server.js'
import { positionOf } from './position.js'

export interface ConsumerRequest {
  readonly pattern: string
  readonly durable: string | null
  readonly from: 'new' | 'all'
  readonly ackWaitMs: number
}

/** How long a server remembers a consumer without a name after its subscriber is gone. */
const FORGOTTEN_AFTER_MS = 60_000
/** Given out and waiting for a retry, over all members: beyond it the consumer waits. */
const MOST_UNFINISHED = 50_000
const FETCH_EXPIRES_MS = 30_000
/** Two of these missed say that the server has forgotten the request. */
const HEARTBEAT_MS = 2_000

/**
 * A consumer on the server, made again where the server has lost it: from the first message that was not finished, so
 * some may come again but none is left out.
 */
export class JetStreamConsumer {
  readonly #server: JetStreamServer
  readonly #request: ConsumerRequest
  readonly #definition: StreamDefinition
  /** Messages that were given to us and are not finished. */
  readonly #unfinished = new Set<number>()
  /** Everything up to here is finished, or was there before we were. */
  #floor = 0
  #lastSeen = 0
  #streamCreated = ''
  #info!: ConsumerInfo

  private constructor(server: JetStreamServer, request: ConsumerRequest) {
    this.#server = server
    this.#request = request
    this.#definition = streamOfPattern(request.pattern)
  }

  /** @throws BusError (`no-stream`, `consumer-mismatch`) */
  static async open(server: JetStreamServer, request: ConsumerRequest): Promise<JetStreamConsumer> {
    const consumer = new JetStreamConsumer(server, request)
    await consumer.reopen()
    return consumer
  }

  /** In how many milliseconds without a sign of life a message goes to another member. */
  get ackWaitMs(): number {
    return millis(this.#info.config.ack_wait!)
  }

  /** When its stream was made, in milliseconds since 1970. */
  get streamCreated(): number {
    return Date.parse(this.#streamCreated)
  }

  /** Finds the consumer, or makes it. */
  async reopen(): Promise<void> {
    const stream = await this.#server.stream(this.#definition)
    const known = await this.#find(stream.config.name)
    this.#info = known ?? (await this.#add(stream))
    if (known === null && this.#streamCreated !== stream.created) {
      this.#floor = this.#lastSeen = this.#beginsWithNew() ? stream.state.last_seq : 0
      this.#unfinished.clear()
    }
    this.#floor = Math.max(this.#floor, this.#info.ack_floor.stream_seq)
    this.#streamCreated = stream.created
  }

  /** At most that many messages; ends when they are there or half a minute is over. */
  fetch(most: number): Promise<ConsumerMessages> {
    const consumer = this.#server.client.consumers.getConsumerFromInfo(this.#info)
    const times = { expires: FETCH_EXPIRES_MS, idle_heartbeat: HEARTBEAT_MS }
    // Bound: after a reconnect it asks at once instead of looking for the consumer half a minute apart.
    return consumer.fetch({ max_messages: most, bind: true, ...times })
  }

  began(seq: number): void {
    this.#unfinished.add(seq)
    this.#lastSeen = Math.max(this.#lastSeen, seq)
  }

  finished(seq: number): void {
    this.#unfinished.delete(seq)
  }

  async pending(): Promise<number> {
    const { num_pending, num_ack_pending } = await this.#ask()
    return num_pending + num_ack_pending
  }

  /** The floor of acknowledgements stands still while there is nothing to acknowledge, so the end of the stream counts then. */
  async progress(): Promise<ConsumerProgress> {
    const { state, created } = await this.#server.manager.streams.info(this.#info.stream_name)
    const { num_pending, num_ack_pending, ack_floor } = await this.#ask()
    const pending = num_pending + num_ack_pending
    const finishedUntil = pending === 0 ? state.last_seq : ack_floor.stream_seq
    return { finishedUntil: positionOf(finishedUntil, Date.parse(created)), pending }
  }

  async #ask(): Promise<ConsumerInfo> {
    const { stream_name, name } = this.#info
    const info = await this.#server.manager.consumers.info(stream_name, name)
    this.#floor = Math.max(this.#floor, info.ack_floor.stream_seq)
    return info
  }

  /** Tells the server to forget a consumer without a name; it would do so by itself later. */
  async release(): Promise<void> {
    if (this.#request.durable !== null) return
    await this.#server.manager.consumers.delete(this.#info.stream_name, this.#info.name).catch(() => {})
  }

  async #find(stream: string): Promise<ConsumerInfo | null> {
    const name = this.#request.durable ?? this.#info?.name
    if (name === undefined) return null
    try {
      const info = await this.#server.manager.consumers.info(stream, name)
      this.#refuseOther(info)
      return info
    } catch (error) {
      if (apiCode(error) === API_CODE.consumerNotFound) return null
      throw error
    }
  }

  #refuseOther({ name, config }: ConsumerInfo): void {
    const wanted = this.#server.namespace.subject(this.#request.pattern)
    if (config.filter_subject !== wanted) throw consumerMismatch(name, config.filter_subject ?? 'everything', wanted)
  }

  async #add(stream: StreamInfo): Promise<ConsumerInfo> {
    const { durable, pattern, ackWaitMs } = this.#request
    const config: Partial<ConsumerConfig> = {
      ...this.#start(stream),
      ...(durable === null
        ? { inactive_threshold: nanos(FORGOTTEN_AFTER_MS), mem_storage: true }
        : { durable_name: durable }),
      filter_subject: this.#server.namespace.subject(pattern),
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(ackWaitMs),
      // Deliveries are counted here: a server that stops counting leaves the message without a word.
      max_deliver: -1,
      max_ack_pending: MOST_UNFINISHED,
    }
    return this.#server.manager.consumers.add(stream.config.name, config)
  }

  #start({ created }: StreamInfo): Partial<ConsumerConfig> {
    if (this.#streamCreated === '' && this.#beginsWithNew()) return { deliver_policy: DeliverPolicy.New }
    // Nothing of a stream that was made anew has been seen.
    if (this.#streamCreated !== created) return { deliver_policy: DeliverPolicy.All }
    return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: this.#resumeSeq() }
  }

  /** Other members of a durable consumer may hold messages that we know nothing of; the floor is below all of them. */
  #resumeSeq(): number {
    if (this.#request.durable !== null) return this.#floor + 1
    return Math.min(this.#lastSeen + 1, ...this.#unfinished)
  }

  #beginsWithNew(): boolean {
    return this.#request.from === 'new' && this.#streamCreated === ''
  }
}
