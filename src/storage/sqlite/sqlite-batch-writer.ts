import type SqliteConnection from 'better-sqlite3'
import { createEvidenceJson } from '../../exports/evidence-json.js'
import { createIsoTime } from '../../exports/iso-time.js'
import type { Tag } from '../../tagging/tag.js'
import type { Batch, KeptBatch, NewEventRow } from '../batch.js'
import { EVENT_COLUMNS, EVENT_SEQUENCE, EVENT_VALUES, seenIn } from '../events/event-columns.js'
import { Sightings } from '../sightings.js'
import { storedKeyOrNull, storedText } from '../stored-text.js'
import { TAG_COLUMNS } from '../tag-columns.js'
import { SqliteSightingWriter } from './sqlite-sighting-writer.js'

/** Changes nothing where the uuid is known; anything else that is wrong with the row is an error. */
export const INSERT_TAG = `
  insert into ttp_tag (${TAG_COLUMNS.join(', ')}) values (${TAG_COLUMNS.map(() => '?').join(', ')})
  on conflict (uuid) do nothing`

export const INSERT_EVENT = `
  insert into ttp_event (${EVENT_COLUMNS.join(', ')}) values (${EVENT_COLUMNS.map(() => '?').join(', ')})
  on conflict (source_id) do nothing`

const TAKE_NUMBERS = `update ttp_sequence set last = last + ? where name = '${EVENT_SEQUENCE}' returning last`

/** Keeps batches through prepared statements, a row at a time: each says by itself whether its row is new. */
export class SqliteBatchWriter {
  readonly #now: () => Date
  readonly #insertTag: SqliteConnection.Statement
  readonly #insertEvent: SqliteConnection.Statement
  readonly #takeNumbers: SqliteConnection.Statement
  readonly #sightingWriter: SqliteSightingWriter
  readonly #evidenceJson = createEvidenceJson()
  readonly #isoTime = createIsoTime()

  constructor(connection: SqliteConnection.Database, now: () => Date) {
    this.#now = now
    this.#insertTag = connection.prepare(INSERT_TAG)
    this.#insertEvent = connection.prepare(INSERT_EVENT)
    this.#takeNumbers = connection.prepare(TAKE_NUMBERS).pluck()
    this.#sightingWriter = new SqliteSightingWriter(connection)
  }

  /** To be called inside a transaction that holds the lock of writers. */
  write({ tags, events }: Batch): KeptBatch {
    const time = this.#now().toISOString()
    const sightings = new Sightings()
    const kept = { tags: this.#writeTags(tags, time, sightings), events: this.#writeEvents(events, time, sightings) }
    this.#sightingWriter.write(sightings)
    return kept
  }

  #writeTags(tags: readonly Tag[], createdAt: string, sightings: Sightings): readonly Tag[] {
    const inserted: Tag[] = []
    for (const tag of tags) {
      const observedAt = this.#isoTime(tag.observedAt.getTime())
      const isNew = this.#writeTag(tag, observedAt, createdAt)
      if (isNew) inserted.push(tag)
      sightings.addTag(tag, observedAt, isNew)
    }
    return inserted
  }

  #writeEvents(events: readonly NewEventRow[], storedAt: string, sightings: Sightings): readonly NewEventRow[] {
    if (events.length === 0) return events
    let seq = (this.#takeNumbers.get(events.length) as number) - events.length
    return events.filter((row) => {
      const values = EVENT_VALUES.map((stored) => stored(row))
      const isNew = this.#insertEvent.run(...values, ++seq, storedAt).changes > 0
      if (isNew) sightings.addEvent(seenIn(row), row.observed_at)
      return isNew
    })
  }

  /** Parameters by position: naming them costs as much as building the row. */
  #writeTag(tag: Tag, observedAt: string, createdAt: string): boolean {
    const { changes } = this.#insertTag.run(
      tag.uuid,
      storedText(tag.sourceKind),
      storedText(tag.sourceId),
      storedKeyOrNull(tag.attackerUuid),
      storedKeyOrNull(tag.identityUuid),
      storedKeyOrNull(tag.sessionId),
      storedKeyOrNull(tag.deckyId),
      tag.tactic,
      tag.techniqueId,
      tag.subTechniqueId,
      tag.confidence,
      tag.ruleId,
      tag.ruleVersion,
      tag.basis,
      tag.outcome,
      this.#evidenceJson(tag.evidence),
      tag.attackRelease,
      observedAt,
      createdAt,
    )
    return changes > 0
  }
}
