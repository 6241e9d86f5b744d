import { observe, type Reading } from '../observability/metrics.js'
import type { Database } from '../storage/database.js'
import { outboxAge } from '../storage/swarm/outbox.js'
import type { TaggingWorker } from './tagging-worker.js'

/** How often the database is asked what the gauges show, in milliseconds. */
const INTERVAL = 10_000
/** Deckies whose age is shown at most: their names are an operator's, but nobody needs more series. */
const MOST_DECKIES = 500
const SECOND = 1000

/** Shows what only the database knows, until it is disposed of: ages of deckies and of announcements. */
export class Gauges implements Disposable {
  readonly #database: Database
  readonly #readers: Disposable[]
  readonly #timer: NodeJS.Timeout
  #deckies: readonly Reading[] = []
  #outboxAge: number | undefined

  constructor(database: Database, worker: TaggingWorker | null) {
    this.#database = database
    this.#readers = [
      observe('ttp.decky.last_event_age_s', () => this.#deckies),
      observe('ttp.outbox.age_s', () => this.#outboxAge),
      observe('ttp.worker.lag', () => worker?.health.signs.lag),
      observe('ttp.correlation.bytes', () => worker?.correlationBytes),
    ]
    this.#timer = setInterval(() => void this.#read(), INTERVAL).unref()
    void this.#read()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    for (const reader of this.#readers) reader[Symbol.dispose]()
  }

  async #read(): Promise<void> {
    try {
      const now = (await this.#database.now()).getTime()
      const rows = await this.#database.snapshot((queries) =>
        queries
          .selectFrom('ttp_decky')
          .select(['decky_id', 'last_seen'])
          .orderBy('last_seen', 'desc')
          .limit(MOST_DECKIES)
          .execute(),
      )
      this.#deckies = rows.map(({ decky_id, last_seen }) => ({
        value: Math.max(0, now - Date.parse(last_seen)) / SECOND,
        labels: { decky_id },
      }))
      this.#outboxAge = (await outboxAge(this.#database)) / SECOND
    } catch {
      // What cannot be read is not shown: that is what an alert on absence is for.
      this.#deckies = []
      this.#outboxAge = undefined
    }
  }
}
