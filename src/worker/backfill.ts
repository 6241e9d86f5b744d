import { setTimeout as delay } from 'node:timers/promises'
import { DAY, STREAM_CORRELATION } from '../correlation/correlation-options.js'
import type { CorrelationSnapshot } from '../correlation/correlation-snapshot.js'
import { Correlator } from '../correlation/correlator.js'
import type { IdentityMembership } from '../correlation/identity-membership.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { EventPipeline } from '../pipeline/event-pipeline.js'
import type { Database } from '../storage/database.js'
import { eventsByTime, lastEventSeq, type TimePlace } from '../storage/events/event-log.js'
import { BACKFILL_JOBS } from '../storage/swarm/jobs.js'
import { keepProgress, readProgress } from '../storage/swarm/progress.js'
import type { TaggingLog } from '../tagging/tolerant-tagger.js'
import type { BatchKeeper } from './batch-keeper.js'
import type { EventJudge } from './event-judge.js'
import { keepTrying } from './keep-trying.js'

/** Events that are read, judged and kept at once. */
const PAGE = 1000
/** How often it is kept how far it came, in milliseconds. */
const KEEP_INTERVAL = 5_000

export interface BackfillOptions {
  readonly database: Database
  readonly pipeline: EventPipeline
  readonly judge: EventJudge
  readonly keeper: BatchKeeper
  readonly membership: IdentityMembership
  readonly secretKey: string
  /** Events that were observed since then get tags. */
  readonly since: Date
  /** Begin anew, whatever an interrupted backfill has done. */
  readonly restart: boolean
  /** Events judged a second at most; Infinity to go as fast as it can. */
  readonly rate: number
  readonly log: TaggingLog
  readonly onProgress?: (progress: BackfillProgress) => void
  readonly signal: AbortSignal
}

export interface BackfillProgress {
  /** Kept events that were looked at. */
  readonly events: number
  /** Tags that the rules of today state of them, and those that were not there before. */
  readonly tags: number
  readonly newTags: number
  /** Up to when they were read, by their own times. */
  readonly readTo: Date
}

/** What an interrupted backfill keeps for the next one. */
interface KeptBackfill {
  readonly place: TimePlace
  readonly correlation: CorrelationSnapshot
}

/**
 * Judges the kept events by the rules of today, in the order of their times, so that what several show together is found
 * however late they came. Tags that are there stay as they are. Bounded in memory; goes on where an interrupted one with the
 * same begin and the same rules stopped. What is not over yet, as whoever correlates live has it, is left to that.
 */
export async function backfill(options: BackfillOptions): Promise<BackfillProgress & { readonly isComplete: boolean }> {
  const run = await BackfillRun.open(options)
  return run.go()
}

class BackfillRun {
  readonly #options: BackfillOptions
  readonly #name: string
  /** What is kept later is judged by whoever keeps it. */
  readonly #until: number
  readonly #correlator: Correlator
  #place: TimePlace
  #keptAt = performance.now()
  #events = 0
  #tags = 0
  #newTags = 0

  private constructor(options: BackfillOptions, name: string, begin: { until: number; kept: KeptBackfill | null }) {
    const { pipeline, membership, secretKey, since } = options
    this.#options = options
    this.#name = name
    this.#until = begin.until
    // Days are concluded as wholes, so the first one is read from its begin.
    const firstDay = new Date(Math.floor(since.getTime() / DAY) * DAY).toISOString()
    this.#place = begin.kept?.place ?? { observedAt: firstDay, seq: 0 }
    this.#correlator = new Correlator({
      options: STREAM_CORRELATION,
      secretKey,
      membership,
      geography: pipeline.geography,
      ...(begin.kept === null ? {} : { snapshot: begin.kept.correlation }),
    })
  }

  static async open(options: BackfillOptions): Promise<BackfillRun> {
    const { database, pipeline, since, restart } = options
    const name = `${BACKFILL_JOBS}${since.toISOString()} ${pipeline.ruleset.hash}`
    const until = await database.snapshot(lastEventSeq)
    const progress = restart ? null : await database.snapshot((queries) => readProgress(queries, name))
    return new BackfillRun(options, name, { until, kept: (progress?.state ?? null) as KeptBackfill | null })
  }

  async go() {
    const { database, signal, log } = this.#options
    while (!signal.aborted) {
      const started = performance.now()
      const page = await keepTrying(
        () => database.snapshot((queries) => eventsByTime(queries, this.#place, { until: this.#until, most: PAGE })),
        { signal, log },
      )
      if (page.length === 0) break
      await this.#take(page.map(({ event }) => event))
      const { seq, event } = page.at(-1)!
      this.#place = { observedAt: event.observedAt.toISOString(), seq }
      this.#options.onProgress?.(this.#progress())
      if (performance.now() - this.#keptAt >= KEEP_INTERVAL) await this.#keep()
      await this.#slowDown(page.length, started)
    }
    const isComplete = !signal.aborted
    if (isComplete) await this.#forget()
    else await this.#keep()
    return { ...this.#progress(), isComplete }
  }

  /** Is finished once it is begun: the correlator has seen the events, and will not say again what it concluded. */
  async #take(events: readonly TaggerEvent[]): Promise<void> {
    const { pipeline, since, judge, keeper, signal, log } = this.#options
    const judged: TaggerEvent[] = []
    const isWanted = ({ observedAt }: TaggerEvent) => observedAt >= since
    for (const event of events) {
      this.#events++
      if (isWanted(event)) judged.push(event)
      this.#correlator.observe(event, pipeline.fieldsOf(event), (concluded) => {
        if (isWanted(concluded)) judged.push(concluded)
      })
    }
    const tags = await judge.judge(judged)
    if (tags.length === 0) return
    const kept = await keepTrying(() => keeper.keep({ tags, events: [] }), { signal, log })
    this.#tags += tags.length
    this.#newTags += kept.tags.length
  }

  #progress(): BackfillProgress {
    const readTo = new Date(this.#place.observedAt)
    return { events: this.#events, tags: this.#tags, newTags: this.#newTags, readTo }
  }

  async #keep(): Promise<void> {
    this.#keptAt = performance.now()
    const state: KeptBackfill = { place: this.#place, correlation: this.#correlator.snapshot() }
    const progress = { position: this.#place.seq, state }
    await this.#options.database.transact((transaction) => keepProgress(transaction, this.#name, progress))
  }

  async #forget(): Promise<void> {
    await this.#options.database.transact(({ queries }) =>
      queries.deleteFrom('ttp_progress').where('name', '=', this.#name).execute(),
    )
  }

  async #slowDown(events: number, started: number): Promise<void> {
    const { rate, signal } = this.#options
    if (!Number.isFinite(rate)) return
    const wait = (1000 * events) / rate - (performance.now() - started)
    if (wait > 0) await delay(wait, undefined, { signal }).catch(() => {})
  }
}
