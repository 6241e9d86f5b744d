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

/** What was observed, as it is kept for a while, and who was seen whether or not a rule fired. */
const createEvents: Migration = async ({ database, text }) => {
  const { schema } = database
  await schema
    .createTable('ttp_event')
    .addColumn('source_id', text, (column) => column.primaryKey().notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('source_kind', text, (column) => column.notNull())
    .addColumn('attacker_uuid', text)
    .addColumn('identity_uuid', text)
    .addColumn('session_id', text)
    .addColumn('decky_id', text)
    .addColumn('source_ip', text)
    .addColumn('observed_at', text, (column) => column.notNull())
    .addColumn('outcome', text)
    .addColumn('payload', text, (column) => column.notNull())
    .addColumn('stream_seq', 'bigint')
    .addColumn('is_judged', 'bigint', (column) => column.notNull())
    .addColumn('stored_at', text, (column) => column.notNull())
    .execute()
  await schema.createIndex('ttp_event_by_seq').unique().on('ttp_event').column('seq').execute()
  await schema.createIndex('ttp_event_by_time').on('ttp_event').columns(['observed_at', 'seq']).execute()
  await sql`create index ttp_event_by_stream on ttp_event (stream_seq) where stream_seq is not null`.execute(database)
  await sql`create index ttp_event_direct on ttp_event (seq) where stream_seq is null`.execute(database)
  await sql`create index ttp_event_unjudged on ttp_event (attacker_uuid) where is_judged = 0`.execute(database)
  await sql`insert into ttp_sequence (name, last) values ('ttp_event', 0)`.execute(database)
  for (const table of ['ttp_attacker', 'ttp_session', 'ttp_decky']) {
    await schema
      .alterTable(table)
      .addColumn('event_count', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute()
  }
}

/** What workers share: announcements to be made, who is who, who may push, who is alive, and where each job stands. */
const createSwarm: Migration = async ({ database, text }) => {
  const { schema } = database
  await schema
    .createTable('ttp_outbox')
    .addColumn('id', text, (column) => column.primaryKey().notNull())
    .addColumn('messages', text, (column) => column.notNull())
    .addColumn('created_at', text, (column) => column.notNull())
    .addColumn('claimed_until', text, (column) => column.notNull())
    .execute()
  await schema.createIndex('ttp_outbox_by_claim').on('ttp_outbox').column('claimed_until').execute()
  await schema
    .createTable('ttp_identity_member')
    .addColumn('attacker_uuid', text, (column) => column.primaryKey().notNull())
    .addColumn('identity_uuid', text, (column) => column.notNull())
    .execute()
  await schema
    .createIndex('ttp_identity_member_by_identity')
    .on('ttp_identity_member')
    .column('identity_uuid')
    .execute()
  await schema
    .createTable('ttp_identity_alias')
    .addColumn('identity_uuid', text, (column) => column.primaryKey().notNull())
    .addColumn('merged_into', text, (column) => column.notNull())
    .execute()
  await schema
    .createTable('ttp_worker')
    .addColumn('worker', text, (column) => column.primaryKey().notNull())
    .addColumn('state', text, (column) => column.notNull())
    .addColumn('roles', text, (column) => column.notNull())
    .addColumn('host', text, (column) => column.notNull())
    .addColumn('attack_release', text, (column) => column.notNull())
    .addColumn('ruleset_hash', text, (column) => column.notNull())
    .addColumn('state_seq', 'bigint')
    .addColumn('lag', 'bigint', (column) => column.notNull())
    .addColumn('started_at', text, (column) => column.notNull())
    .addColumn('heartbeat_at', text, (column) => column.notNull())
    .execute()
  await schema
    .createTable('ttp_sensor_token')
    .addColumn('token_hash', text, (column) => column.primaryKey().notNull())
    .addColumn('sensor', text, (column) => column.notNull().unique())
    .addColumn('decky_id', text)
    .addColumn('format', text)
    .addColumn('kinds', text)
    .addColumn('created_at', text, (column) => column.notNull())
    .execute()
  await schema
    .createTable('ttp_progress')
    .addColumn('name', text, (column) => column.primaryKey().notNull())
    .addColumn('position', 'bigint', (column) => column.notNull())
    .addColumn('state', text)
    .addColumn('saved_at', text, (column) => column.notNull())
    .execute()
  await schema
    .createTable('ttp_secret')
    .addColumn('name', text, (column) => column.primaryKey().notNull())
    .addColumn('value', text, (column) => column.notNull())
    .execute()
}

/** All migrations by name, in the order of their names. One that was released never changes. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001_tags': createTags,
  '0002_rules': createRules,
  '0003_verdicts': createVerdicts,
  '0004_events': createEvents,
  '0005_swarm': createSwarm,
}
