import { type Kysely, type Migration, type MigrationProvider, sql } from 'kysely'

/** Tags, and what they were seen on. */
const createTags: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await database.schema
      .createTable('ttp_tag')
      .addColumn('uuid', 'text', (column) => column.primaryKey().notNull())
      .addColumn('source_kind', 'text', (column) => column.notNull())
      .addColumn('source_id', 'text', (column) => column.notNull())
      .addColumn('attacker_uuid', 'text')
      .addColumn('identity_uuid', 'text')
      .addColumn('session_id', 'text')
      .addColumn('decky_id', 'text')
      .addColumn('tactic', 'text', (column) => column.notNull())
      .addColumn('technique_id', 'text', (column) => column.notNull())
      .addColumn('sub_technique_id', 'text')
      .addColumn('confidence', 'real', (column) => column.notNull().check(sql`confidence between 0 and 1`))
      .addColumn('rule_id', 'text', (column) => column.notNull())
      .addColumn('rule_version', 'integer', (column) => column.notNull())
      .addColumn('basis', 'text', (column) => column.notNull().check(sql`basis in ('observed', 'derived', 'asserted')`))
      .addColumn('outcome', 'text', (column) => column.check(sql`outcome in ('attempted', 'emulated', 'confirmed')`))
      .addColumn('evidence', 'text', (column) => column.notNull())
      .addColumn('attack_release', 'text', (column) => column.notNull())
      .addColumn('observed_at', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addCheckConstraint('ttp_tag_anchor', sql`attacker_uuid is not null or identity_uuid is not null`)
      .execute()
    await createTagIndexes(database)
    await createSightings(database)
  },
}

/** Partial where a column is mostly null: such rows then cost nothing. Each index slows every insert, so no more. */
async function createTagIndexes(database: Kysely<unknown>): Promise<void> {
  const { schema } = database
  await sql`create index ttp_tag_by_identity on ttp_tag (identity_uuid, technique_id) where identity_uuid is not null`.execute(
    database,
  )
  await schema.createIndex('ttp_tag_by_attacker').on('ttp_tag').columns(['attacker_uuid', 'technique_id']).execute()
  await schema.createIndex('ttp_tag_by_technique').on('ttp_tag').columns(['technique_id', 'observed_at']).execute()
  await sql`create index ttp_tag_by_session on ttp_tag (session_id) where session_id is not null`.execute(database)
  await schema.createIndex('ttp_tag_by_rule').on('ttp_tag').column('rule_id').execute()
}

async function createSightings(database: Kysely<unknown>): Promise<void> {
  const sighting = (table: string, key: string) =>
    database.schema
      .createTable(table)
      .addColumn(key, 'text', (column) => column.primaryKey().notNull())
      .addColumn('first_seen', 'text', (column) => column.notNull())
      .addColumn('last_seen', 'text', (column) => column.notNull())
      .addColumn('tag_count', 'integer', (column) => column.notNull())
  await sighting('ttp_attacker', 'attacker_uuid').addColumn('address', 'text').execute()
  await sighting('ttp_session', 'session_id').addColumn('attacker_uuid', 'text').addColumn('decky_id', 'text').execute()
  await sighting('ttp_decky', 'decky_id').execute()
}

/** All migrations by name, in the order of their names. One that was released never changes. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001_tags': createTags,
}

export const MIGRATION_NAMES: readonly string[] = Object.keys(MIGRATIONS)

export const migrationProvider: MigrationProvider = {
  getMigrations: async () => MIGRATIONS,
}
