import { hostname } from 'node:os'
import type { Bus, BusMessage, MessageOutcome, Subscription } from '../bus/bus.js'
import { ControlPayload } from '../bus/payloads.js'
import { systemControl } from '../bus/subjects.js'
import { type CorrelationOptions, STREAM_CORRELATION } from '../correlation/correlation-options.js'
import { SecretHash } from '../correlation/secret-hash.js'
import type { EventPipeline } from '../pipeline/event-pipeline.js'
import type { Database } from '../storage/database.js'
import type { WorkerState } from '../storage/schema.js'
import { describeError, type TaggingLog } from '../tagging/tolerant-tagger.js'
import { BatchKeeper } from './batch-keeper.js'
import { CorrelationRole } from './correlation/correlation-role.js'
import { EventJudge } from './event-judge.js'
import { EventTagger } from './event-tagger.js'
import { FiringLimit } from './firing-limit.js'
import { Heartbeat, type VitalSigns } from './heartbeat.js'
import { keepHouse } from './housekeeping.js'
import { LiveMembership } from './live-membership.js'
import { OutboxRelay } from './outbox-relay.js'
import type { UpstreamParts } from './upstream.js'
import { WorkerMessages } from './worker-messages.js'

/** How often the database is looked at for what nobody has told of: often where no bus tells anything. */
const POLL_WITHOUT_BUS = 2_000
const POLL_WITH_BUS = 60_000
/** How often it is told what a rate limit held back, in milliseconds. */
const SUPPRESSED_INTERVAL = 5_000

export interface TaggingWorkerOptions {
  readonly database: Database
  readonly bus: Bus
  readonly pipeline: EventPipeline
  /** Place in the log of rule changes that is in force; null where rules live in a folder. */
  readonly stateSeq: () => number | null
  /** Loads all rules again. */
  readonly reloadRules: () => Promise<void>
  /** Its name in the swarm, a token of a subject. */
  readonly name: string
  readonly secretKey: string
  readonly rawEventDays: number
  readonly firedPerMinute: number
  readonly log: TaggingLog
  /** How what single events cannot show is found; left out, as for a stream. */
  readonly correlation?: CorrelationOptions
  /** How long a role of this worker lasts without a sign of it, in milliseconds. */
  readonly leaseDuration?: number
}

/**
 * Judges what comes by the bus, by the database and by `tagger`, and keeps it; correlates and keeps house where no other
 * worker does. Starting is joining a swarm, ending is leaving it: nothing is lost whenever one of them is killed.
 */
export class TaggingWorker implements AsyncDisposable {
  readonly name: string
  /** Takes events that come another way than by the bus. */
  readonly tagger: EventTagger
  readonly #options: TaggingWorkerOptions
  readonly #relay: OutboxRelay
  readonly #keeper: BatchKeeper
  readonly #correlation: CorrelationRole
  readonly #parts: UpstreamParts
  readonly #messages: WorkerMessages
  readonly #leaving = new AbortController()
  readonly #timers: NodeJS.Timeout[] = []
  #heartbeat!: Heartbeat
  #roles: Promise<unknown> = Promise.resolve()
  #control: Subscription | null = null
  #ending: Promise<void> | null = null
  #askToStop!: () => void
  #fail!: (error: unknown) => void
  readonly #ended: Promise<void>

  private constructor(options: TaggingWorkerOptions) {
    const { database, bus, pipeline, secretKey, firedPerMinute, log } = options
    this.#options = options
    this.name = options.name
    const membership = new LiveMembership()
    const secrets = new SecretHash(secretKey)
    this.#relay = new OutboxRelay({ database, bus, log })
    const limit = new FiringLimit({ perMinute: firedPerMinute, now: Date.now })
    this.#keeper = new BatchKeeper({ database, announcing: { relay: this.#relay, limit } })
    const judge = new EventJudge({ pipeline, membership })
    this.tagger = new EventTagger({ database, judge, keeper: this.#keeper, secrets })
    this.#parts = { database, tagger: this.tagger, judge, keeper: this.#keeper, membership }
    this.#messages = new WorkerMessages({
      bus,
      log,
      parts: this.#parts,
      leaving: this.#leaving.signal,
      onEnded: (subject) => this.#fail(new Error(`the subscription of ${subject} has ended`)),
    })
    this.#correlation = new CorrelationRole({
      ...options,
      judge,
      keeper: this.#keeper,
      membership,
      correlation: options.correlation ?? STREAM_CORRELATION,
      progress: () => this.#messages.eventProgress(),
    })
    this.#ended = new Promise((resolve, reject) => {
      this.#askToStop = resolve
      this.#fail = reject
    })
    // Whoever does not wait for it is not to be ended by it.
    this.#ended.catch(() => {})
  }

  /**
   * Joins the swarm and begins to work.
   *
   * @throws AttackReleaseMismatchError, DatabaseError, BusError
   */
  static async start(options: TaggingWorkerOptions): Promise<TaggingWorker> {
    const worker = new TaggingWorker(options)
    try {
      await worker.#start()
      return worker
    } catch (error) {
      await worker.#leave('failed')
      throw error
    }
  }

  get state(): WorkerState {
    return this.#heartbeat.state
  }

  /** What it said of itself last, and when the registry took it. */
  get health(): { readonly signs: VitalSigns; readonly toldAt: Date | null } {
    return { signs: this.#heartbeat.signs, toldAt: this.#heartbeat.beatenAt }
  }

  /** Rules that it judges by. */
  get ruleCount(): number {
    return this.#options.pipeline.ruleset.rules.size
  }

  /** Resolves when somebody asks over the bus that it stops; rejects when it cannot go on. */
  get ended(): Promise<void> {
    return this.#ended
  }

  /** Whether it correlates for the swarm. */
  get correlates(): boolean {
    return this.#correlation.isHeld
  }

  /** Reckoned memory of what is being correlated here, in bytes. */
  get correlationBytes(): number {
    return this.#correlation.bytes
  }

  /** Lets the swarm know that it is leaving, before it does. */
  announceDrain(): void {
    if (this.#heartbeat.state === 'running') void this.#heartbeat.enter('draining')
  }

  /** Takes no more, keeps what it has, says what it held back, leaves the swarm. Idempotent. */
  drain(): Promise<void> {
    this.#ending ??= this.#leave('stopped')
    return this.#ending
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.drain()
  }

  async #start(): Promise<void> {
    const { database, bus, pipeline, name, log } = this.#options
    await this.#parts.membership.reload(database)
    this.#heartbeat = await Heartbeat.begin({
      database,
      bus,
      log,
      worker: name,
      host: hostname(),
      attackRelease: pipeline.ruleset.attackRelease,
      read: () => this.#readSigns(),
    })
    this.#relay.start()
    await this.#messages.subscribe()
    this.#control = await bus.subscribe(systemControl(name), (message) => this.#obey(message))
    this.#beginRoles()
    this.#poll()
    await this.#heartbeat.enter('running')
  }

  async #obey(message: BusMessage): Promise<MessageOutcome> {
    const parsed = ControlPayload.safeParse(message.payload)
    if (!parsed.success) return { kind: 'terminate', reason: 'no known command' }
    const { command } = parsed.data
    this.#options.log.info({ command }, 'told over the bus')
    if (command === 'reload') {
      await this.#options.reloadRules()
      await this.#parts.membership.reload(this.#options.database)
    } else this.#askToStop()
    return { kind: 'ack' }
  }

  #beginRoles(): void {
    const { signal } = this.#leaving
    const roles = [this.#correlation.hold(signal), keepHouse(this.#options, signal)]
    for (const role of roles) role.catch((error: unknown) => this.#fail(error))
    this.#roles = Promise.allSettled(roles)
  }

  #poll(): void {
    const interval = this.#options.bus.capabilities.durable ? POLL_WITH_BUS : POLL_WITHOUT_BUS
    this.#repeat(interval, async () => {
      await this.#parts.membership.reload(this.#options.database)
      await this.tagger.catchUp('any')
      await this.tagger.catchUpOnVerdicts(null)
    })
    this.#repeat(SUPPRESSED_INTERVAL, () => this.#keeper.tellSuppressed())
  }

  /** Does something over and over, never twice at once. */
  #repeat(interval: number, work: () => Promise<void>): void {
    let isBusy = false
    const turn = async () => {
      if (isBusy) return
      isBusy = true
      try {
        await work()
      } catch (error) {
        this.#options.log.warn({ error: describeError(error) }, 'the database could not be looked at; trying again')
      }
      isBusy = false
    }
    this.#timers.push(setInterval(() => void turn(), interval))
  }

  async #readSigns(): Promise<VitalSigns> {
    const { pipeline, stateSeq } = this.#options
    const lag = (await this.#messages.pending()) + (await this.#correlation.lag())
    const roles = this.correlates ? ['tagging', 'correlation'] : ['tagging']
    return { roles, rulesetHash: pipeline.ruleset.hash, stateSeq: stateSeq(), lag }
  }

  async #leave(state: 'stopped' | 'failed'): Promise<void> {
    const { log } = this.#options
    for (const timer of this.#timers) clearInterval(timer)
    if (this.#heartbeat !== undefined) this.announceDrain()
    const closing = this.#messages.close()
    this.#leaving.abort()
    await closing
    await this.tagger.drain()
    await this.#roles
    await this.#keeper.tellSuppressed(true).catch((error: unknown) => {
      log.warn({ error: describeError(error) }, 'what a rate limit held back could not be told')
    })
    await this.#relay.close()
    await this.#heartbeat?.end(state)
    await this.#control?.close()
  }
}
