import type SqliteConnection from 'better-sqlite3'
import { createEvidenceJson } from '../../exports/evidence-json.js'
import { createIsoTime } from '../../exports/iso-time.js'
import type { Tag } from '../../tagging/tag.js'
import { Sightings } from '../sightings.js'
import type { StoredTag, TagRepository } from '../tag-repository.js'
import { toDatabaseError } from './sqlite-error.js'
import { SqliteSightingWriter } from './sqlite-sighting-writer.js'
import { INSERT_TAG, SELECT_TAG, type SelectedTag, storedTag } from './sqlite-tag-statements.js'

export interface SqliteTagRepositoryOptions {
  readonly connection: SqliteConnection.Database
  /** Named in errors. */
  readonly file: string
  readonly now: () => Date
}

/** Tags in SQLite, through prepared statements: one row at a time is as fast as any batch form. */
export class SqliteTagRepository implements TagRepository {
  readonly #options: SqliteTagRepositoryOptions
  readonly #insertTag: SqliteConnection.Statement
  readonly #selectTag: SqliteConnection.Statement
  readonly #sightingWriter: SqliteSightingWriter
  readonly #insertAll: SqliteConnection.Transaction<(tags: readonly Tag[]) => readonly Tag[]>
  readonly #evidenceJson = createEvidenceJson()
  readonly #isoTime = createIsoTime()

  constructor(options: SqliteTagRepositoryOptions) {
    const { connection } = options
    this.#options = options
    this.#insertTag = connection.prepare(INSERT_TAG)
    this.#selectTag = connection.prepare(SELECT_TAG)
    this.#sightingWriter = new SqliteSightingWriter(connection)
    this.#insertAll = connection.transaction((tags: readonly Tag[]) => this.#insertInTransaction(tags))
  }

  async insert(tags: readonly Tag[]): Promise<readonly Tag[]> {
    if (tags.length === 0) return []
    try {
      return this.#insertAll.immediate(tags)
    } catch (error) {
      throw toDatabaseError(error, this.#options.file)
    }
  }

  async tagByUuid(uuid: string): Promise<StoredTag | null> {
    const row = this.#selectTag.get(uuid) as SelectedTag | undefined
    return row === undefined ? null : storedTag(row)
  }

  #insertInTransaction(tags: readonly Tag[]): readonly Tag[] {
    const createdAt = this.#options.now().toISOString()
    const inserted: Tag[] = []
    const sightings = new Sightings()
    for (const tag of tags) {
      const observedAt = this.#isoTime(tag.observedAt.getTime())
      const isNew = this.#insertOne(tag, observedAt, createdAt)
      if (isNew) inserted.push(tag)
      sightings.add(tag, observedAt, isNew)
    }
    this.#sightingWriter.write(sightings)
    return inserted
  }

  /** Parameters by position: naming them costs as much as building the row. */
  #insertOne(tag: Tag, observedAt: string, createdAt: string): boolean {
    const { changes } = this.#insertTag.run(
      tag.uuid,
      tag.sourceKind,
      tag.sourceId,
      tag.attackerUuid,
      tag.identityUuid,
      tag.sessionId,
      tag.deckyId,
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
