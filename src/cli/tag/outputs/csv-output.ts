import type { TaggerEvent } from '../../../events/tagger-event.js'
import { tagCsvHeader, tagToCsv } from '../../../exports/csv.js'
import type { ConfidenceReader } from '../../../tagging/confidence-reader.js'
import type { Tag } from '../../../tagging/tag.js'
import { syncData, writeData } from '../../terminal.js'
import { NO_OTHER_KINDS, type TagOutput } from './tag-output.js'

/** Prints CSV with a header to standard output. */
export class CsvOutput implements TagOutput {
  readonly sourceKinds = NO_OTHER_KINDS
  readonly #least: number
  #rows: string[] = [tagCsvHeader()]
  #createdAt = new Date().toISOString()

  readonly #confidence: ConfidenceReader | null

  /** @param confidence how the confidence of tags is read; null as it is stored */
  constructor(least: number, confidence: ConfidenceReader | null = null) {
    this.#least = least
    this.#confidence = confidence
  }

  take(_event: TaggerEvent, tags: readonly Tag[]): void {
    for (const tag of this.#confidence?.read(tags) ?? tags)
      if (tag.confidence >= this.#least) this.#rows.push(tagToCsv(tag, this.#createdAt))
  }

  async flush(): Promise<void> {
    const rows = this.#rows
    this.#rows = []
    this.#createdAt = new Date().toISOString()
    if (rows.length > 0) await writeData(rows.join(''))
  }

  async commit(): Promise<void> {
    await this.flush()
    syncData()
  }

  async finish(): Promise<void> {
    await this.flush()
  }
}
