import { setTimeout as delay } from 'node:timers/promises'
import type { Bus } from '../bus/bus.js'
import type { HealthPayload } from '../bus/payloads.js'
import { systemHealth } from '../bus/subjects.js'
import type { Database } from '../storage/database.js'
import type { WorkerState } from '../storage/schema.js'
import { knownWorkers, reportWorker } from '../storage/swarm/workers.js'
import { describeError, type TaggingLog } from '../tagging/tolerant-tagger.js'
import { AttackReleaseMismatchError } from './attack-release-mismatch-error.js'

const INTERVAL = 2000
/** Heartbeats that wait for the bus at most. */
const MOST_UNTOLD = 3
/** How long the last one waits for it, in milliseconds. */
const LONGEST_GOODBYE = 2000

/** What a worker says of itself at each beat. */
export interface VitalSigns {
  /** What it does now: `tagging`, `correlation`. */
  readonly roles: readonly string[]
  readonly rulesetHash: string
  readonly stateSeq: number | null
  readonly lag: number
}

export interface HeartbeatOptions {
  readonly database: Database
  readonly bus: Bus
  readonly worker: string
  readonly host: string
  readonly attackRelease: string
  readonly read: () => Promise<VitalSigns>
  readonly log: TaggingLog
}

/** Tells the registry and the bus every two seconds that a worker is there, and how it is. */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  #state: WorkerState = 'starting'
  #signs: VitalSigns
  #beatenAt: Date | null = null
  #timer: NodeJS.Timeout | undefined
  #beating: Promise<void> = Promise.resolve()
  #telling: Promise<void> = Promise.resolve()
  #untold = 0

  private constructor(options: HeartbeatOptions, signs: VitalSigns) {
    this.#options = options
    this.#signs = signs
  }

  /**
   * Enters the worker into the registry.
   *
   * @throws AttackReleaseMismatchError where a worker that runs speaks another release; DatabaseError
   */
  static async begin(options: HeartbeatOptions): Promise<Heartbeat> {
    const heartbeat = new Heartbeat(options, await options.read())
    await heartbeat.#report()
    try {
      // Whoever enters first and looks then cannot be missed by another one who does the same.
      await refuseOtherRelease(options)
    } catch (error) {
      await heartbeat.end('stopped')
      throw error
    }
    heartbeat.#timer = setInterval(() => heartbeat.#beatSoon(), INTERVAL)
    return heartbeat
  }

  get state(): WorkerState {
    return this.#state
  }

  /** As they were read last. */
  get signs(): VitalSigns {
    return this.#signs
  }

  /** When the registry was told last; null before that. */
  get beatenAt(): Date | null {
    return this.#beatenAt
  }

  /** Enters a state and tells it at once. */
  async enter(state: WorkerState): Promise<void> {
    this.#state = state
    this.#beatSoon()
    await this.#beating
  }

  /** The last word. Rejects never: the registry finds out by itself who is silent. */
  async end(state: 'stopped' | 'failed'): Promise<void> {
    clearInterval(this.#timer)
    await this.enter(state)
    await Promise.race([this.#telling, delay(LONGEST_GOODBYE, undefined, { ref: false })])
  }

  #beatSoon(): void {
    this.#beating = this.#beating.then(() => this.#beat())
  }

  async #beat(): Promise<void> {
    try {
      this.#signs = await this.#options.read()
      await this.#report()
      this.#tellBus(this.#beatenAt!.toISOString())
    } catch (error) {
      this.#options.log.warn({ error: describeError(error) }, 'the heartbeat could not be kept')
    }
  }

  /** A bus that is away keeps the registry from nothing: of what it could not be told, most is left out. */
  #tellBus(at: string): void {
    const { bus, worker, log } = this.#options
    if (this.#untold >= MOST_UNTOLD) return
    this.#untold++
    const message = { subject: systemHealth(worker), id: `${worker}:${at}`, payload: this.#health(at) }
    this.#telling = this.#telling
      .then(() => bus.publish(message))
      .catch((error: unknown) => log.warn({ error: describeError(error) }, 'the bus was not told of a heartbeat'))
      .finally(() => this.#untold--)
  }

  async #report(): Promise<void> {
    const { database, worker, host, attackRelease } = this.#options
    await reportWorker(database, {
      worker,
      state: this.#state,
      roles: this.#signs.roles.join(','),
      host,
      attack_release: attackRelease,
      ruleset_hash: this.#signs.rulesetHash,
      state_seq: this.#signs.stateSeq,
      lag: this.#signs.lag,
    })
    this.#beatenAt = new Date()
  }

  #health(at: string): HealthPayload {
    const { worker, attackRelease } = this.#options
    const { rulesetHash, stateSeq, lag } = this.#signs
    return {
      worker,
      state: this.#state,
      attack_release: attackRelease,
      ruleset_hash: rulesetHash,
      state_seq: stateSeq,
      lag,
      at,
    }
  }
}

async function refuseOtherRelease({ database, worker, attackRelease }: HeartbeatOptions): Promise<void> {
  const others = await knownWorkers(database)
  const other = others.find(
    (known) => known.isAlive && known.worker !== worker && known.attack_release !== attackRelease,
  )
  if (other === undefined) return
  throw new AttackReleaseMismatchError(attackRelease, { worker: other.worker, release: other.attack_release })
}
