import { BoundedCache } from '../collections/bounded-cache.js'
import type { SecretHash } from '../correlation/secret-hash.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { Database } from '../storage/database.js'
import { DatabaseError } from '../storage/database-error.js'
import { markJudged, type UnjudgedQuery, unjudgedEvents } from '../storage/events/event-log.js'
import { eventRow } from '../storage/events/event-rows.js'
import { isVerdict, keepVerdicts, unjudgedVerdicts } from '../storage/verdicts.js'
import type { BatchKeeper } from './batch-keeper.js'
import { Batcher } from './batcher.js'
import type { EventJudge } from './event-judge.js'

/** Events that came together. */
export interface Submission {
  readonly events: readonly TaggerEvent[]
  /** Place of their message in the stream of the bus; null where they came another way. */
  readonly streamSeq: number | null
}

export interface EventTaggerOptions {
  readonly database: Database
  readonly judge: EventJudge
  readonly keeper: BatchKeeper
  /** Hashes passwords, which are not kept. */
  readonly secrets: SecretHash
}

/** Attackers whose verdicts were looked for; of one that is forgotten they are looked for again. */
const MOST_ATTACKERS = 50_000
/** What is caught up on in one transaction. */
const CATCH_UP_AT_ONCE = 500

/** Judges events and keeps them with their tags, in batches. */
export class EventTagger {
  readonly #options: EventTaggerOptions
  readonly #batcher: Batcher<Submission>
  readonly #lookedFor = new BoundedCache<string, true>({ entries: MOST_ATTACKERS })

  constructor(options: EventTaggerOptions) {
    this.#options = options
    this.#batcher = new Batcher<Submission>({
      keep: (submissions) => this.#keep(submissions),
      sizeOf: ({ events }) => events.length,
      mayBePoison: (error) => !(error instanceof DatabaseError) || error.code === 'failed',
    })
  }

  /** Resolves when the events are kept with their tags; rejects with what kept them from that. */
  submit(submission: Submission): Promise<void> {
    return submission.events.length === 0 ? Promise.resolve() : this.#batcher.add(submission)
  }

  /** Judges what others have kept and nobody has judged: some of it, or all. */
  async catchUp(which: UnjudgedQuery): Promise<void> {
    const { database, judge, keeper } = this.#options
    for (;;) {
      const events = await database.snapshot((queries) => unjudgedEvents(queries, which, CATCH_UP_AT_ONCE))
      if (events.length === 0) return
      const tags = await judge.judge(events)
      await keeper.keep({ tags, events: [] }, ({ queries }) => markJudged(queries, events))
      if (events.length < CATCH_UP_AT_ONCE) return
    }
  }

  /** Judges verdicts on attackers that have been seen: on some of them, or null on all. */
  async catchUpOnVerdicts(attackers: readonly string[] | null): Promise<void> {
    const { database, judge, keeper } = this.#options
    for (;;) {
      const verdicts = await database.snapshot((queries) => unjudgedVerdicts(queries, attackers, CATCH_UP_AT_ONCE))
      if (verdicts.length === 0) return
      const events = this.#rowsOf({ events: verdicts, streamSeq: null })
      const kept = await keeper.keep({ tags: await judge.judge(verdicts), events })
      if (verdicts.length < CATCH_UP_AT_ONCE || kept.events.length === 0) return
    }
  }

  /** Resolves when everything that was submitted is kept, or known not to be. */
  drain(): Promise<void> {
    return this.#batcher.drain()
  }

  async #keep(submissions: readonly Submission[]): Promise<void> {
    const { database, judge, keeper } = this.#options
    const verdicts: TaggerEvent[] = []
    const telemetry = submissions.map(({ events, streamSeq }) => ({
      events: events.filter((event) => !isVerdict(event) || !verdicts.push(event)),
      streamSeq,
    }))
    // A verdict is judged once its attacker has been seen; whichever of the two is kept last finds the other.
    await keepVerdicts(database, verdicts)
    const tags = await judge.judge(telemetry.flatMap(({ events }) => events))
    await keeper.keep({ tags, events: telemetry.flatMap((submission) => this.#rowsOf(submission)) })
    const judgedOf = verdicts.map(({ attackerUuid }) => attackerUuid)
    const newcomers = telemetry
      .flatMap(({ events }) => events.map(({ attackerUuid }) => attackerUuid))
      .filter((attacker) => attacker !== null && this.#lookedFor.get(attacker) === undefined)
    const attackers = [...new Set([...judgedOf, ...newcomers])].filter((attacker) => attacker !== null)
    if (attackers.length === 0) return
    await this.catchUpOnVerdicts(attackers)
    for (const attacker of attackers) this.#lookedFor.set(attacker, true)
  }

  #rowsOf({ events, streamSeq }: Submission) {
    const { secrets } = this.#options
    return events.map((event) => eventRow(event, { secrets, streamSeq, isJudged: true }))
  }
}
