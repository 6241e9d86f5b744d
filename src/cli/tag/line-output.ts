import type { TaggerEvent } from '../../events/tagger-event.js'
import { tagCsvHeader, tagToCsv } from '../../exports/csv.js'
import { createTagJsonWriter } from '../../exports/jsonl.js'
import type { Tag } from '../../tagging/tag.js'
import { writeData } from '../terminal.js'
import { NO_OTHER_KINDS, type TagOutput } from './tag-output.js'

/** How much text gathers before it is written, in characters. */
const BATCH_LENGTH = 1 << 16

/** Prints one line a tag to standard output. */
export class LineOutput implements TagOutput {
  readonly sourceKinds = NO_OTHER_KINDS
  readonly #toLine: (tag: Tag) => string
  readonly #least: number
  readonly #full: string[] = []
  #batch: string

  constructor(toLine: (tag: Tag) => string, options: { readonly least: number; readonly header?: string }) {
    this.#toLine = toLine
    this.#least = options.least
    this.#batch = options.header ?? ''
  }

  take(_event: TaggerEvent, tags: readonly Tag[]): void {
    for (const tag of tags) {
      if (tag.confidence < this.#least) continue
      this.#batch += this.#toLine(tag)
      if (this.#batch.length >= BATCH_LENGTH) this.#seal()
    }
  }

  async flush(): Promise<void> {
    for (const batch of this.#full.splice(0)) await writeData(batch)
  }

  async finish(): Promise<void> {
    this.#seal()
    await this.flush()
  }

  #seal(): void {
    if (this.#batch !== '') this.#full.push(this.#batch)
    this.#batch = ''
  }
}

/** JSON lines: the columns of `ttp_tag` and `source_ip`. */
export function jsonLinesOutput(least: number): LineOutput {
  return new LineOutput(createTagJsonWriter({ createdAt: coarseClock() }), { least })
}

/** CSV with a header. */
export function csvOutput(least: number): LineOutput {
  const createdAt = coarseClock()
  return new LineOutput((tag) => tagToCsv(tag, createdAt()), { least, header: tagCsvHeader() })
}

/** The time of now; asked once a tag, so the clock is read once in a thousand times. */
function coarseClock(): () => string {
  let asked = 0
  let now = ''
  return () => {
    if (asked++ % 1000 === 0) now = new Date().toISOString()
    return now
  }
}
