import type { TaggerEvent } from '../../../events/tagger-event.js'
import { TagJsonLines } from '../../../exports/jsonl.js'
import type { Tag } from '../../../tagging/tag.js'
import { syncData, writeData } from '../../terminal.js'
import { NO_OTHER_KINDS, type TagOutput } from './tag-output.js'

/** How much gathers before it is written, in bytes. */
const BATCH_BYTES = 1 << 17

/** Prints JSON lines to standard output: the columns of `ttp_tag` and `source_ip`. */
export class JsonLinesOutput implements TagOutput {
  readonly sourceKinds = NO_OTHER_KINDS
  readonly #least: number
  readonly #lines = new TagJsonLines()
  readonly #full: Buffer[] = []

  constructor(least: number) {
    this.#least = least
    this.#lines.createdAt = new Date().toISOString()
  }

  take(_event: TaggerEvent, tags: readonly Tag[]): void {
    for (const tag of tags) {
      if (tag.confidence < this.#least) continue
      this.#lines.add(tag)
      if (this.#lines.byteLength >= BATCH_BYTES) this.#full.push(this.#lines.take())
    }
  }

  async flush(): Promise<void> {
    // What is not full goes too: whoever reads a log that never ends waits for its tags.
    if (this.#lines.byteLength > 0) this.#full.push(this.#lines.take())
    for (const batch of this.#full.splice(0)) await writeData(batch)
    this.#lines.createdAt = new Date().toISOString()
  }

  async commit(): Promise<void> {
    await this.flush()
    syncData()
  }

  async finish(): Promise<void> {
    await this.flush()
  }
}
