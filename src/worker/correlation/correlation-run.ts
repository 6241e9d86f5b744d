import type { ConsumerProgress } from '../../bus/bus.js'
import { type CorrelationSnapshot, Correlator } from '../../correlation/correlator.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
import { EVENT_CHANNEL, eventsAfter, type LoggedEvent, lastEventSeq } from '../../storage/event-log.js'
import type { Lease } from '../../storage/lease.js'
import { keepProgress, readProgress } from '../../storage/progress.js'
import { describeError } from '../../tagging/tolerant-tagger.js'
import { keepTrying } from '../keep-trying.js'
import { CORRELATION, type CorrelationRoleOptions } from './correlation-role.js'
import { StreamOrder } from './stream-order.js'

/** Events that are read at once. */
const PAGE = 2000
/** Events that wait for one before them at most; then nothing more is read. */
const MOST_HELD = 50_000
/** How long an event waits for what is missing before it, in milliseconds: longer than any worker may take to be missed. */
const LONGEST_HELD = 300_000
/** How often the log is looked at without being woken, in milliseconds. */
const POLL = 500
/** How often it is asked how far the taggers have come, while events wait for that. */
const PROGRESS_POLL = 50
/** Where nothing comes for so long, event time passes by itself. */
const IDLE = 1000
/** How often what is unfinished is kept, in milliseconds: so much is correlated again after a crash. */
const KEEP_INTERVAL = 30_000

export interface CorrelationRunOptions extends CorrelationRoleOptions {
  readonly lease: Lease
}

/** The work of one holder of the role, from what the last one kept to the loss or the end of the role. */
export class CorrelationRun {
  readonly #options: CorrelationRunOptions
  readonly #order = new StreamOrder()
  #correlator: Correlator | null = null
  /** Everything up to here was read. */
  #readTo = 0
  #isChanged = false
  #keptAt = performance.now()
  #movedAt = performance.now()
  #wake: () => void = () => {}

  constructor(options: CorrelationRunOptions) {
    this.#options = options
  }

  get bytes(): number {
    return this.#correlator?.bytes ?? 0
  }

  async lag(): Promise<number> {
    return Math.max(0, (await this.#options.database.snapshot(lastEventSeq)) - this.#readTo) + this.#order.size
  }

  /** @throws LeaseLostError when another holds the role */
  async go(signal: AbortSignal): Promise<void> {
    const { database, lease, log } = this.#options
    await this.#goOn(signal)
    const listening = await database.changes.listen(EVENT_CHANNEL, () => this.#wake())
    await using _listening = listening
    const either = AbortSignal.any([signal, lease.lost])
    while (!either.aborted) {
      const isBusy = await keepTrying(() => this.#step(), { signal: either, log })
      if (!isBusy) await this.#rest()
    }
    lease.lost.throwIfAborted()
    await this.#keepState()
  }

  async #goOn(signal: AbortSignal): Promise<void> {
    const { database, pipeline, membership, secretKey, correlation, log } = this.#options
    const kept = await keepTrying(() => database.snapshot((queries) => readProgress(queries, CORRELATION)), {
      signal,
      log,
    })
    this.#readTo = kept?.position ?? 0
    const snapshot = kept?.state as CorrelationSnapshot | null | undefined
    this.#correlator = new Correlator({
      options: correlation,
      secretKey,
      membership,
      geography: pipeline.geography,
      ...(snapshot ? { snapshot } : {}),
    })
  }

  /** Reads on, correlates what is in order, keeps what is concluded. Answers whether there may be more at once. */
  async #step(): Promise<boolean> {
    const { database } = this.#options
    const room = this.#order.size < MOST_HELD
    const page = room ? await database.snapshot((queries) => eventsAfter(queries, this.#readTo, PAGE)) : []
    if (page.length > 0) {
      this.#order.add(page)
      this.#readTo = page.at(-1)!.seq
    }
    const released = await this.#release()
    if (released.length > 0) {
      this.#movedAt = performance.now()
      await this.#correlate(released)
    } else await this.#letTimePass()
    if (performance.now() - this.#keptAt >= KEEP_INTERVAL) await this.#keepState()
    return page.length === PAGE
  }

  async #release(): Promise<readonly LoggedEvent[]> {
    if (this.#order.size === 0) return []
    const released = this.#order.release(await this.#progress())
    if (released.length > 0 || performance.now() - this.#movedAt < LONGEST_HELD) return released
    this.#options.log.warn({ events: this.#order.size }, 'events are missing before these; they are waited for no more')
    return this.#order.releaseAll()
  }

  async #progress(): Promise<ConsumerProgress | null> {
    try {
      return await this.#options.progress()
    } catch (error) {
      this.#options.log.warn({ error: describeError(error) }, 'the bus cannot tell how far the taggers have come')
      return null
    }
  }

  async #correlate(events: readonly LoggedEvent[]): Promise<void> {
    const { pipeline } = this.#options
    const concluded: TaggerEvent[] = []
    for (const { event } of events) {
      this.#correlator!.observe(event, pipeline.fieldsOf(event), (conclusion) => concluded.push(conclusion))
    }
    this.#isChanged = true
    await this.#tell(concluded)
  }

  async #letTimePass(): Promise<void> {
    const idle = performance.now() - this.#movedAt
    if (idle < IDLE || this.#order.size > 0) return
    this.#movedAt += idle
    const concluded: TaggerEvent[] = []
    this.#correlator!.advanceBy(idle, (conclusion) => concluded.push(conclusion))
    this.#isChanged = true
    await this.#tell(concluded)
  }

  /** The correlator will not say it again: it is kept, or the role is lost and the next holder hears it. */
  async #tell(concluded: readonly TaggerEvent[]): Promise<void> {
    const { judge, keeper, lease, log } = this.#options
    if (concluded.length === 0) return
    const tags = await judge.judge(concluded)
    if (tags.length === 0) return
    await keepTrying(() => keeper.keep({ tags, events: [] }, lease.guard), { signal: lease.lost, log })
  }

  async #keepState(): Promise<void> {
    const { database, lease } = this.#options
    this.#keptAt = performance.now()
    if (!this.#isChanged) return
    const { heldFrom } = this.#order
    const position = heldFrom === null ? this.#readTo : heldFrom - 1
    const state = this.#correlator!.snapshot()
    await database.transact(async (transaction) => {
      await lease.guard(transaction)
      await keepProgress(transaction, CORRELATION, { position, state })
    })
    this.#isChanged = false
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#order.size > 0 ? PROGRESS_POLL : POLL)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
