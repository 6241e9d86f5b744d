import { attackCatalogue } from '../../../attack/attack-catalogue.js'
import type { TaggerEvent } from '../../../events/tagger-event.js'
import { formatCount } from '../../../exports/page/page-format.js'
import { renderSummary } from '../../../exports/summary/render-summary.js'
import { type IdentityOf, TagSummary } from '../../../exports/summary/tag-summary.js'
import type { Geography } from '../../../geography/geography.js'
import type { ConfidenceReader } from '../../../tagging/confidence-reader.js'
import type { Tag } from '../../../tagging/tag.js'
import type { OwnAddresses } from '../../../text/own-addresses.js'
import { invocation } from '../../invocation.js'
import { terminalWidth, wantsColour, writeData } from '../../terminal.js'
import type { DatabaseOutput } from './database-output.js'
import type { RefusedLine, RunEnd, TagOutput } from './tag-output.js'

export interface SummaryOptions {
  readonly least: number
  readonly database: DatabaseOutput | null
  /** Which attackers are one actor; null where nothing was told. */
  readonly identityOf: IdentityOf | null
  /** How the confidence of tags is read; null as it is stored. */
  readonly confidence: ConfidenceReader | null
  /** What is not to be shown of commands. */
  readonly ownAddresses: OwnAddresses
  readonly geography: Geography
}

/** Gathers a run in bounded memory and ends it with a page for the analyst. */
export class SummaryOutput implements TagOutput {
  readonly sourceKinds = null
  readonly #summary: TagSummary
  readonly #started = performance.now()
  readonly #options: SummaryOptions

  constructor(options: SummaryOptions) {
    this.#options = options
    this.#summary = new TagSummary(options)
  }

  take(event: TaggerEvent, stored: readonly Tag[]): void {
    const { least, confidence } = this.#options
    const tags = confidence?.read(stored) ?? stored
    this.#summary.addTags(
      event,
      tags.every((tag) => tag.confidence >= least) ? tags : tags.filter((tag) => tag.confidence >= least),
    )
  }

  refuse({ source, line, problem }: RefusedLine): void {
    this.#summary.lines.refuse({ source, line, reason: problem.message })
  }

  unknownType(eventType: string): void {
    this.#summary.lines.unknownType(eventType)
  }

  async flush(): Promise<void> {}

  async finish({ lines, isPartial }: RunEnd): Promise<void> {
    if (this.#summary.lines.eventCount === 0 && this.#summary.lines.refusedCount === 0) return
    this.#summary.lines.lineCount = lines
    const page = renderSummary(this.#summary, {
      width: terminalWidth(process.stdout),
      colour: wantsColour(process.stdout),
      catalogue: attackCatalogue(),
      elapsedMilliseconds: performance.now() - this.#started,
      minConfidence: this.#options.least,
      geography: this.#options.geography,
      closing: this.#closing(),
      notes: [
        ...(isPartial ? ['Not everything was read: see the messages above.'] : []),
        ...(this.#options.confidence?.notes() ?? []),
      ],
    })
    await writeData(page)
  }

  /** What was kept, and the command to try next. */
  #closing(): readonly string[] {
    const { database } = this.#options
    const kept =
      database === null
        ? []
        : [
            `${formatCount(database.inserted)} new tags of any confidence kept in ${database.location}; ${formatCount(database.known)} known before`,
          ]
    const command = invocation()
    return [
      ...kept,
      `${command} tag /path/to/your/cowrie.json*`,
      `${command} tag FILE --output jsonl > tags.jsonl`,
      `${command} timeline ${this.#sessionToLookAt()} FILE`,
      `${command} explain 'COMMAND LINE'`,
    ]
  }
  /** A session for the reader to copy, where its id is fit for a command line. */
  #sessionToLookAt(): string {
    const [weightiest] = this.#summary.sessionTallies.top(1)
    return weightiest !== undefined && PLAIN_ID.test(weightiest.sessionId) ? weightiest.sessionId : 'SESSION'
  }
}

const PLAIN_ID = /^\w[\w.:-]{0,63}$/
