import pg from 'pg'
import { openPostgresDatabase } from '../../src/storage/postgres/open-postgres-database.js'
import { createTagArrays, INSERT_TAGS } from '../../src/storage/postgres/postgres-tag-statements.js'
import type { Tag } from '../../src/tagging/tag.js'
import { type PostgresServer, postgresServer } from '../../test/support/postgres-server.js'
import { batchesOf, foundTags } from '../found-tags.js'
import { MEGABYTE, median, type Question } from '../question.js'

const LEAST = 0.8

/** Rows that the bare loop hands to one statement: the best of those that were tried. */
const ROWS = 1000

/** What keeping tags costs above the bare statement: same tables, server, rows and transactions. */
export const postgres: Question = {
  name: 'postgres',
  async run({ workspace, quick }) {
    await using server = await postgresServer()
    const tags = await foundTags(workspace.log('dense', (quick ? 30 : 150) * MEGABYTE))
    const times = { kept: [] as number[], bare: [] as number[] }
    for (let round = 0; round < 3; round++) {
      times.kept.push(await keepTags(tags, server))
      times.bare.push(await insertRows(tags, server))
    }
    const [kept, bare] = [median(times.kept), median(times.bare)]
    const rate = (seconds: number) => `${(tags.length / seconds / 1000).toFixed(1)} k/s`
    return [
      {
        what: 'tags kept in PostgreSQL ÷ bare insert loop',
        aim: `>= ${LEAST}`,
        measured: (bare / kept).toFixed(2),
        detail: `${rate(kept)} of ${rate(bare)}, ${tags.length} tags`,
      },
    ]
  },
}

/** Seconds that the repository takes. */
async function keepTags(tags: readonly Tag[], server: PostgresServer): Promise<number> {
  await using database = await openPostgresDatabase(await server.createDatabase())
  await server.query('checkpoint')
  const started = performance.now()
  for (const batch of batchesOf(tags)) await database.tags.insert(batch)
  return (performance.now() - started) / 1000
}

/** Seconds that the statement takes in a plain loop whose parameters are there already. */
async function insertRows(tags: readonly Tag[], server: PostgresServer): Promise<number> {
  const url = await server.createDatabase()
  await (await openPostgresDatabase(url)).close()
  const transactions = [...batchesOf(tags)].map(statementsOf)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await server.query('checkpoint')
  const started = performance.now()
  for (const statements of transactions) {
    await client.query('begin')
    for (const values of statements) await client.query({ ...INSERT_TAGS, values })
    await client.query('commit')
  }
  const seconds = (performance.now() - started) / 1000
  await client.end()
  return seconds
}

function statementsOf(tags: readonly Tag[]): readonly unknown[][] {
  const tagArrays = createTagArrays()
  const starts = Array.from({ length: Math.ceil(tags.length / ROWS) }, (_, index) => index * ROWS)
  return starts.map((start) => tagArrays(tags.slice(start, start + ROWS), null))
}
