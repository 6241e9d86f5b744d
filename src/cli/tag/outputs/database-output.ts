import type { TaggerEvent } from '../../../events/tagger-event.js'
import type { Database } from '../../../storage/database.js'
import { keepVerdicts } from '../../../storage/verdicts.js'
import type { Tag } from '../../../tagging/tag.js'
import { say } from '../../terminal.js'
import { NO_OTHER_KINDS, type TagOutput } from './tag-output.js'

/** Tags that go into one transaction. */
const BATCH_SIZE = 5000

/**
 * Keeps tags in a database, and verdicts of third parties. When the database fails, what was kept stays kept, the run goes on without it, and `failure`
 * tells why.
 */
export class DatabaseOutput implements TagOutput {
  readonly sourceKinds = NO_OTHER_KINDS
  readonly #database: Database
  #batch: Tag[] = []
  #verdicts: TaggerEvent[] = []
  #inserted = 0
  #known = 0
  #failure: Error | undefined

  constructor(database: Database) {
    this.#database = database
  }

  /** Where the database is, without passwords. */
  get location(): string {
    return this.#database.location
  }

  /** Tags that were new to the database. */
  get inserted(): number {
    return this.#inserted
  }

  /** Tags that it had already. */
  get known(): number {
    return this.#known
  }

  get failure(): Error | undefined {
    return this.#failure
  }

  take(event: TaggerEvent, tags: readonly Tag[]): void {
    if (this.#failure !== undefined) return
    if (event.sourceKind === 'intel') this.#verdicts.push(event)
    for (const tag of tags) this.#batch.push(tag)
  }

  async flush(): Promise<void> {
    if (this.#batch.length >= BATCH_SIZE || this.#verdicts.length >= BATCH_SIZE) await this.#store()
  }

  async commit(): Promise<void> {
    await this.#store()
  }

  async finish(): Promise<void> {
    await this.#store()
    await this.#database.close()
  }

  async #store(): Promise<void> {
    const batch = this.#batch
    const verdicts = this.#verdicts
    this.#batch = []
    this.#verdicts = []
    if (this.#failure !== undefined) return
    try {
      const inserted = batch.length === 0 ? [] : await this.#database.tags.insert(batch)
      this.#inserted += inserted.length
      this.#known += batch.length - inserted.length
      // After their tags: a verdict that is kept is not judged again.
      await keepVerdicts(this.#database, verdicts)
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error))
      say(`error: ${this.#failure.message}; tags from here on are not kept`)
    }
  }
}
