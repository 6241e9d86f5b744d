import type { ConsumerProgress } from '../../bus/bus.js'
import { type CorrelationSnapshot, SnapshotError } from '../../correlation/correlation-snapshot.js'
import { Correlator } from '../../correlation/correlator.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
import {
  countUnread,
  directEventsAfter,
  EVENT_CHANNEL,
  type LoggedEvent,
  type LogPlace,
  streamedEventsAfter,
} from '../../storage/events/event-log.js'
import type { Lease } from '../../storage/swarm/lease.js'
import { describeError } from '../../tagging/tolerant-tagger.js'
import { keepTrying } from '../keep-trying.js'
import type { CorrelationParts } from './correlation-parts.js'
import { keepCorrelation, readCorrelation } from './correlation-place.js'

/** Events that are read at once. */
const PAGE = 2000
/** Events that are counted of a lag. */
const MOST_COUNTED = 100_000
/** How often the log is looked at without being woken, in milliseconds. */
const POLL = 200
const QUIET_AFTER = 15_000
/** What passes at once at most: while nobody could look, nobody knows what was on its way. */
const LONGEST_PASSING = 1000
/** How often what is unfinished is kept, in milliseconds: so much is correlated again after a crash. */
const KEEP_INTERVAL = 30_000

export interface CorrelationRunOptions extends CorrelationParts {
  readonly lease: Lease
}

/** The work of one holder of the role, from what the last one kept to the loss or the end of the role. */
export class CorrelationRun {
  readonly #options: CorrelationRunOptions
  #correlator: Correlator | null = null
  /** Everything up to here was read. */
  #place: LogPlace = { streamSeq: 0, seq: 0 }
  #isChanged = false
  #keptAt = performance.now()
  /** From here on it is quiet; lies ahead while it is not known to be. */
  #quietFrom = Number.POSITIVE_INFINITY
  #wake: () => void = () => {}
  /** Aborted when the role is lost or given up. */
  #over: AbortSignal = new AbortController().signal

  constructor(options: CorrelationRunOptions) {
    this.#options = options
  }

  get bytes(): number {
    return this.#correlator?.bytes ?? 0
  }

  /** Events that are still to be read; one that is far behind tells no more than that. */
  lag(): Promise<number> {
    return this.#options.database.snapshot((queries) => countUnread(queries, this.#place, MOST_COUNTED))
  }

  /** @throws LeaseLostError when another holds the role, or what kept this one from working until it was lost */
  async go(signal: AbortSignal): Promise<void> {
    const { database, lease, log } = this.#options
    const either = AbortSignal.any([signal, lease.lost])
    this.#over = either
    this.#expectMore()
    await this.#goOn(either)
    const listen = () => database.changes.listen(EVENT_CHANNEL, () => this.#wake())
    await using _listening = await keepTrying(listen, { signal: either, log })
    either.addEventListener('abort', () => this.#wake(), { once: true })
    while (!either.aborted) {
      const isBusy = await keepTrying(() => this.#step(), { signal: either, log })
      if (!isBusy) await this.#rest()
    }
    lease.lost.throwIfAborted()
    await this.#keepState()
  }

  async #goOn(signal: AbortSignal): Promise<void> {
    const { database, pipeline, membership, secretKey, correlation, log } = this.#options
    const kept = await keepTrying(() => database.snapshot(readCorrelation), { signal, log })
    if (kept !== null) this.#place = kept.place
    const snapshot = kept?.state as CorrelationSnapshot | null | undefined
    const parts = { options: correlation, secretKey, membership, geography: pipeline.geography }
    try {
      this.#correlator = new Correlator({ ...parts, ...(snapshot ? { snapshot } : {}) })
    } catch (error) {
      if (!(error instanceof SnapshotError)) throw error
      // A service that does not start for it would help nobody.
      log.warn(
        { problem: error.message },
        'what was unfinished cannot be gone on with; correlation begins anew from here',
      )
      this.#correlator = new Correlator(parts)
    }
  }

  /** Reads on, correlates, keeps what is concluded. Answers whether there may be more at once. */
  async #step(): Promise<boolean> {
    const progress = await this.#progress()
    const streamed = progress === null ? [] : await this.#readStreamed(progress)
    const direct = await this.#options.database.snapshot((queries) => directEventsAfter(queries, this.#place, PAGE))
    const events = [...streamed, ...direct]
    if (events.length > 0) {
      this.#place = {
        streamSeq: streamed.at(-1)?.streamSeq ?? this.#place.streamSeq,
        seq: direct.at(-1)?.seq ?? this.#place.seq,
      }
      this.#expectMore()
      await this.#correlate(events)
    } else await this.#letTimePass(progress)
    if (performance.now() - this.#keptAt >= KEEP_INTERVAL) await this.#keepState()
    return events.length > PAGE / 2
  }

  /** Events of one message are numbered alike, so a page ends where a message does. */
  async #readStreamed({ finishedUntil }: ConsumerProgress): Promise<readonly LoggedEvent[]> {
    const { database } = this.#options
    if (finishedUntil <= this.#place.streamSeq) return []
    const read = (until: number, most: number) =>
      database.snapshot((queries) => streamedEventsAfter(queries, this.#place, { finishedUntil: until, most }))
    const page = await read(finishedUntil, PAGE)
    if (page.length < PAGE) return page
    const last = page.at(-1)!.streamSeq!
    const whole = page.filter(({ streamSeq }) => streamSeq !== last)
    // One message alone may fill a page, if somebody else than us has made it.
    return whole.length > 0 ? whole : read(last, Number.MAX_SAFE_INTEGER)
  }

  /** Null while the bus cannot tell how far the stream is finished: then nothing of it is read. */
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

  #expectMore(): void {
    this.#quietFrom = performance.now() + (this.#options.quietAfter ?? QUIET_AFTER)
  }

  /** What waits in the stream, or may, is older than the present: time must not pass it by. */
  async #letTimePass(progress: ConsumerProgress | null): Promise<void> {
    const now = performance.now()
    const isQuiet = progress !== null && progress.pending === 0
    if (!isQuiet) this.#expectMore()
    if (now <= this.#quietFrom) return
    const passing = Math.min(now - this.#quietFrom, LONGEST_PASSING)
    this.#quietFrom = now
    const concluded: TaggerEvent[] = []
    this.#correlator!.advanceBy(passing, (conclusion) => concluded.push(conclusion))
    if (concluded.length > 0) this.#isChanged = true
    await this.#tell(concluded)
  }

  /** The correlator will not say it again: it is kept, or the role is lost and the next holder hears it. */
  async #tell(concluded: readonly TaggerEvent[]): Promise<void> {
    const { judge, keeper, lease, log } = this.#options
    if (concluded.length === 0) return
    const tags = await judge.judge(concluded)
    if (tags.length === 0) return
    await keepTrying(() => keeper.keep({ tags, events: [] }, lease.guard), { signal: this.#over, log })
  }

  async #keepState(): Promise<void> {
    const { database, lease } = this.#options
    this.#keptAt = performance.now()
    if (!this.#isChanged) return
    const state = this.#correlator!.snapshot()
    await database.transact(async (transaction) => {
      await lease.guard(transaction)
      await keepCorrelation(transaction, this.#place, state)
    })
    this.#isChanged = false
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
