import { type Expression, type Kysely, sql } from 'kysely'
import type { DatabaseDialect } from './database.js'

/** What migrations need to know of the database that they change. */
export interface MigrationContext {
  readonly database: Kysely<unknown>
  readonly dialect: DatabaseDialect
  /** The type of text columns, ordered and compared by code points, whatever language the database is set to. */
  readonly text: 'text' | Expression<string>
}

/**
 * One step of the tables, for all dialects. Integers are `bigint` and numbers `double precision`, which SQLite takes as its
 * own and which hold in PostgreSQL what they hold there. Times are ISO 8601 text and evidence is JSON text: both backends
 * then keep and order the same rows, every date that there is included, and NUL, which `jsonb` refuses.
 */
export type Migration = (context: MigrationContext) => Promise<void>

/** Tags, and what they were seen on. */
const createTags: Migration = async (context) => {
  const { database, text } = context
  await database.schema
    .createTable('ttp_tag')
    .addColumn('uuid', text, (column) => column.primaryKey().notNull())
    .addColumn('source_kind', text, (column) => column.notNull())
    .addColumn('source_id', text, (column) => column.notNull())
    .addColumn('attacker_uuid', text)
    .addColumn('identity_uuid', text)
    .addColumn('session_id', text)
    .addColumn('decky_id', text)
    .addColumn('tactic', text, (column) => column.notNull())
    .addColumn('technique_id', text, (column) => column.notNull())
    .addColumn('sub_technique_id', text)
    .addColumn('confidence', 'double precision', (column) => column.notNull().check(sql`confidence between 0 and 1`))
    .addColumn('rule_id', text, (column) => column.notNull())
    .addColumn('rule_version', 'bigint', (column) => column.notNull())
    .addColumn('basis', text, (column) => column.notNull().check(sql`basis in ('observed', 'derived', 'asserted')`))
    .addColumn('outcome', text, (column) => column.check(sql`outcome in ('attempted', 'emulated', 'confirmed')`))
    .addColumn('evidence', text, (column) => column.notNull())
    .addColumn('attack_release', text, (column) => column.notNull())
    .addColumn('observed_at', text, (column) => column.notNull())
    .addColumn('created_at', text, (column) => column.notNull())
    .addCheckConstraint('ttp_tag_anchor', sql`attacker_uuid is not null or identity_uuid is not null`)
    .execute()
  await createTagIndexes(context)
  await createSightings(context)
}

/** Partial where a column is mostly null: such rows then cost nothing. Each index slows every insert, so no more. */
async function createTagIndexes({ database }: MigrationContext): Promise<void> {
  const { schema } = database
  await sql`create index ttp_tag_by_identity on ttp_tag (identity_uuid, technique_id) where identity_uuid is not null`.execute(
    database,
  )
  await schema.createIndex('ttp_tag_by_attacker').on('ttp_tag').columns(['attacker_uuid', 'technique_id']).execute()
  await schema.createIndex('ttp_tag_by_technique').on('ttp_tag').columns(['technique_id', 'observed_at']).execute()
  await sql`create index ttp_tag_by_session on ttp_tag (session_id) where session_id is not null`.execute(database)
  await schema.createIndex('ttp_tag_by_rule').on('ttp_tag').column('rule_id').execute()
}

async function createSightings({ database, text }: MigrationContext): Promise<void> {
  const sighting = (table: string, key: string) =>
    database.schema
      .createTable(table)
      .addColumn(key, text, (column) => column.primaryKey().notNull())
      .addColumn('first_seen', text, (column) => column.notNull())
      .addColumn('last_seen', text, (column) => column.notNull())
      .addColumn('tag_count', 'bigint', (column) => column.notNull())
  await sighting('ttp_attacker', 'attacker_uuid').addColumn('address', text).execute()
  await sighting('ttp_session', 'session_id').addColumn('attacker_uuid', text).addColumn('decky_id', text).execute()
  await sighting('ttp_decky', 'decky_id').execute()
}

/** Rule definitions, their states, the log of their changes with its counter, and leases. */
const createRules: Migration = async ({ database, text }) => {
  const { schema } = database
  await schema
    .createTable('ttp_rule')
    .addColumn('rule_id', text, (column) => column.primaryKey().notNull())
    .addColumn('rule_version', 'bigint', (column) => column.notNull())
    .addColumn('source_path', text, (column) => column.notNull())
    .addColumn('yaml_content', text, (column) => column.notNull())
    .addColumn('content_hash', text, (column) => column.notNull())
    .addColumn('updated_at', text, (column) => column.notNull())
    .addColumn('updated_by', text, (column) => column.notNull())
    .execute()
  await schema
    .createTable('ttp_rule_state')
    .addColumn('rule_id', text, (column) => column.primaryKey().notNull())
    .addColumn('state', text, (column) => column.notNull().check(sql`state in ('enabled', 'disabled', 'clipped')`))
    .addColumn('confidence_max', 'double precision', (column) => column.check(sql`confidence_max between 0 and 1`))
    .addColumn('expires_at', text)
    .addColumn('reason', text)
    .addColumn('set_by', text)
    .addColumn('set_at', text)
    .execute()
  await schema
    .createTable('ttp_rule_change')
    .addColumn('seq', 'bigint', (column) => column.primaryKey().notNull())
    .addColumn('rule_id', text, (column) => column.notNull())
    .addColumn('kind', text, (column) => column.notNull().check(sql`kind in ('definition', 'removed', 'state')`))
    .addColumn('before', text)
    .addColumn('after', text)
    .addColumn('at', text, (column) => column.notNull())
    .addColumn('by', text, (column) => column.notNull())
    .execute()
  await schema.createIndex('ttp_rule_change_by_rule').on('ttp_rule_change').columns(['rule_id', 'seq']).execute()
  await schema
    .createTable('ttp_sequence')
    .addColumn('name', text, (column) => column.primaryKey().notNull())
    .addColumn('last', 'bigint', (column) => column.notNull())
    .execute()
  await sql`insert into ttp_sequence (name, last) values ('ttp_rule_change', 0)`.execute(database)
  await schema
    .createTable('ttp_lease')
    .addColumn('name', text, (column) => column.primaryKey().notNull())
    .addColumn('holder', text)
    .addColumn('epoch', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', text, (column) => column.notNull())
    .execute()
}

/** Verdicts of third parties. */
const createVerdicts: Migration = async ({ database, text }) => {
  await database.schema
    .createTable('ttp_verdict')
    .addColumn('source_id', text, (column) => column.primaryKey().notNull())
    .addColumn('attacker_uuid', text, (column) => column.notNull())
    .addColumn('address', text)
    .addColumn('provider', text, (column) => column.notNull())
    .addColumn('classification', text, (column) =>
      column.notNull().check(sql`classification in ('benign', 'unknown', 'suspicious', 'malicious')`),
    )
    .addColumn('score', 'double precision', (column) => column.notNull().check(sql`score between 0 and 1`))
    .addColumn('categories', text, (column) => column.notNull())
    .addColumn('family', text)
    .addColumn('observed_at', text, (column) => column.notNull())
    .execute()
  await database.schema
    .createIndex('ttp_verdict_by_attacker')
    .on('ttp_verdict')
    .columns(['attacker_uuid', 'provider', 'observed_at'])
    .execute()
}

/** All migrations by name, in the order of their names. One that was released never changes. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001_tags': createTags,
  '0002_rules': createRules,
  '0003_verdicts': createVerdicts,
}
