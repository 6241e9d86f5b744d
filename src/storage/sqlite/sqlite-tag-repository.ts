import type SqliteConnection from 'better-sqlite3'
import { createEvidenceJson } from '../../exports/evidence-json.js'
import { createIsoTime } from '../../exports/iso-time.js'
import type { Tag } from '../../tagging/tag.js'
import { readTag } from '../read-tag.js'
import type { StorageQueries } from '../schema.js'
import { Sightings } from '../sightings.js'
import { storedKeyOrNull, storedText } from '../stored-text.js'
import { TAG_COLUMNS } from '../tag-columns.js'
import type { StoredTag, TagRepository } from '../tag-repository.js'
import { toDatabaseError } from './sqlite-error.js'
import { SqliteSightingWriter } from './sqlite-sighting-writer.js'
import type { SqliteTransactions } from './sqlite-transactions.js'

/** Changes nothing where the uuid is known; anything else that is wrong with the row is an error. */
export const INSERT_TAG = `
  insert into ttp_tag (${TAG_COLUMNS.join(', ')}) values (${TAG_COLUMNS.map(() => '?').join(', ')})
  on conflict (uuid) do nothing`

export interface SqliteTagRepositoryOptions {
  readonly queries: StorageQueries
  readonly transactions: SqliteTransactions
  readonly connection: SqliteConnection.Database
  /** Named in errors. */
  readonly file: string
  readonly now: () => Date
}

/** Tags in SQLite, through prepared statements: one row at a time is as fast as any batch form. */
export class SqliteTagRepository implements TagRepository {
  readonly #options: SqliteTagRepositoryOptions
  readonly #insertTag: SqliteConnection.Statement
  readonly #sightingWriter: SqliteSightingWriter
  readonly #evidenceJson = createEvidenceJson()
  readonly #isoTime = createIsoTime()

  constructor(options: SqliteTagRepositoryOptions) {
    const { connection } = options
    this.#options = options
    this.#insertTag = connection.prepare(INSERT_TAG)
    this.#sightingWriter = new SqliteSightingWriter(connection)
  }

  async insert(tags: readonly Tag[]): Promise<readonly Tag[]> {
    if (tags.length === 0) return []
    return this.#options.transactions.run(() => this.#insertInTransaction(tags))
  }

  async tagByUuid(uuid: string): Promise<StoredTag | null> {
    const { queries, file } = this.#options
    try {
      return await readTag(queries, uuid)
    } catch (error) {
      throw toDatabaseError(error, file)
    }
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
