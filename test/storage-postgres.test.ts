import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../src/storage/database.js'
import { MIGRATIONS } from '../src/storage/migrations.js'
import { openPostgresDatabase } from '../src/storage/postgres/open-postgres-database.js'
import { announceDecky, describeChangeSignal } from './conformance/change-signal.js'
import { addDecky, deckyNames, describeDatabase } from './conformance/database.js'
import { describeEventKeeping } from './conformance/event-keeping.js'
import { describeEventLog } from './conformance/event-log.js'
import { describeIdentities } from './conformance/identities.js'
import { describeSwarm } from './conformance/swarm.js'
import { describeTagRepository } from './conformance/tag-repository.js'
import { sampleTag, sampleTags } from './conformance/tag-samples.js'
import { describeUpkeep } from './conformance/upkeep.js'
import { Calls } from './support/calls.js'
import { cuttingProxy } from './support/cutting-proxy.js'
import { fillDatabase, fillUntilKilled } from './support/filling-process.js'
import { type PostgresServer, postgresServer } from './support/postgres-server.js'

let server: PostgresServer
let url: string

beforeAll(async () => {
  server = await postgresServer()
})
beforeEach(async () => {
  url = await server.createDatabase()
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

const openTwice = async () => {
  const [first, second] = await Promise.all([openPostgresDatabase(url), openPostgresDatabase(url)])
  return { first, second }
}
describeTagRepository({ name: 'PostgreSQL', open: (now) => openPostgresDatabase(url, { now: () => now }) })
describeEventKeeping({ name: 'PostgreSQL', open: (now) => openPostgresDatabase(url, { now: () => now }) })
describeEventLog({ name: 'PostgreSQL', open: () => openPostgresDatabase(url) })
describeIdentities({ name: 'PostgreSQL', open: () => openPostgresDatabase(url) })
describeSwarm({ name: 'PostgreSQL', open: (now) => openPostgresDatabase(url, { now }) })
describeUpkeep({ name: 'PostgreSQL', open: (now) => openPostgresDatabase(url, { now }) })
describeDatabase({ name: 'PostgreSQL', open: openTwice })
describeChangeSignal({ name: 'PostgreSQL', open: openTwice })

describe('openPostgresDatabase', () => {
  it('makes the tables once when many start at once', async () => {
    const databases = await Promise.all(Array.from({ length: 10 }, () => openPostgresDatabase(url)))
    const answers = await Promise.all(databases.map(({ tags }) => tags.insert(sampleTags(30))))
    expect(answers.flat()).toHaveLength(30)
    const applied = await server.query('select name from ttp_migration order by name', url)
    expect(applied.map(({ name }) => name)).toEqual(Object.keys(MIGRATIONS))
    await Promise.all(databases.map((database) => database.close()))
  })

  it('finds what it kept when it is opened again, in the schema that the URL names', async () => {
    await server.query('create schema decoys', url)
    const inSchema = `${url}?options=-c%20search_path%3Ddecoys`
    await using first = await openPostgresDatabase(inSchema)
    await first.tags.insert(sampleTags(3))
    await using again = await openPostgresDatabase(inSchema.replace('postgres:', 'postgresql:'))
    expect(await again.tags.insert(sampleTags(4))).toHaveLength(1)
    expect(await server.query('select uuid from decoys.ttp_tag', url)).toHaveLength(4)
  })

  it('lets two processes make and fill one database at once', async () => {
    await Promise.all([fillDatabase(url, 20), fillDatabase(url, 20)])
    await using database = await openPostgresDatabase(url)
    expect(await attackerTagCount(database)).toBe(1000)
  })

  it('holds whole transactions after the process that filled it was killed', async () => {
    const kept = await fillUntilKilled(url)
    await using database = await openPostgresDatabase(url)
    // A writer that is still in its last transaction has these locks until the server sees that it is gone.
    await database.transact(({ queries }) => sql`lock table ttp_tag`.execute(queries))
    const counted = database.queries.selectFrom('ttp_tag').select((row) => row.fn.countAll<number>().as('count'))
    const { count } = await counted.executeTakeFirstOrThrow()
    expect(count).toBeGreaterThanOrEqual(kept)
    expect(count % 50).toBe(0)
    expect(await attackerTagCount(database)).toBe(count)
  })
})

describe('two writers', () => {
  it('keep overlapping batches in opposite orders without waiting for each other', async () => {
    const { first, second } = await openTwice()
    await using left = first
    await using right = second
    const tags = Array.from({ length: 2000 }, (_, index) =>
      sampleTag(index, { sessionId: `s${index % 50}`, deckyId: `d${(index * 7) % 20}` }),
    )
    const rounds = Array.from({ length: 10 }, (_, round) => tags.slice(round * 150, round * 150 + 600))
    const fill = async ({ tags: repository }: Database, batches: typeof rounds) => {
      let inserted = 0
      for (const batch of batches) inserted += (await repository.insert(batch)).length
      return inserted
    }
    const reversed = rounds.map((batch) => batch.toReversed())
    const [byLeft, byRight] = await Promise.all([fill(left, rounds), fill(right, reversed.toReversed())])
    expect(byLeft + byRight).toBe(1950)
    expect(await attackerTagCount(left)).toBe(1950)
  })

  it('both get through where they lock rows in opposite orders', async () => {
    const { first, second } = await openTwice()
    await using left = first
    await using right = second
    await addDecky(left, 'a')
    await addDecky(left, 'b')
    const bothHaveOne = barrier(2)
    const increase = (database: Database, order: readonly string[]) =>
      database.transact(async ({ queries }) => {
        for (const name of order) {
          await queries
            .updateTable('ttp_decky')
            .set((row) => ({ tag_count: row('tag_count', '+', 1) }))
            .where('decky_id', '=', name)
            .execute()
          await bothHaveOne()
        }
      })
    await Promise.all([increase(left, ['a', 'b']), increase(right, ['b', 'a'])])
    expect(await left.queries.selectFrom('ttp_decky').select('tag_count').execute()).toEqual([
      { tag_count: 2 },
      { tag_count: 2 },
    ])
  })
})

describe('a connection that is lost', () => {
  it('in the middle of a batch: the batch is kept, once', async () => {
    const { first, second } = await openTwice()
    await using database = first
    await using rival = second
    let inserting: Promise<readonly unknown[]> = Promise.resolve([])
    await rival.transact(async ({ queries }) => {
      await sql`lock table ttp_decky`.execute(queries)
      inserting = database.tags.insert(sampleTags(30))
      await terminate(queries, `wait_event_type = 'Lock'`)
    })
    expect(await inserting).toHaveLength(30)
    expect(await attackerTagCount(database)).toBe(30)
  })

  it('in the middle of a transaction: it is run again', async () => {
    await using database = await openPostgresDatabase(url)
    let runs = 0
    await database.transact(async (transaction) => {
      await addDecky(transaction, 'one')
      const { rows } = await sql<{ id: number }>`select pg_backend_pid() as id`.execute(transaction.queries)
      if (++runs === 1) await server.query(`select pg_terminate_backend(${rows[0]!.id}, 10000)`)
      await addDecky(transaction, 'two')
    })
    expect(runs).toBe(2)
    expect(await deckyNames(database.queries)).toEqual(['one', 'two'])
  })

  it('all at once, while nothing goes on: the next insert works', async () => {
    await using database = await openPostgresDatabase(url)
    await database.tags.insert(sampleTags(1))
    await server.query(
      `select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      url,
    )
    expect(await database.tags.insert(sampleTags(2))).toHaveLength(1)
  })

  it('during the commit: says that it may have happened, and repeating it doubles nothing', async () => {
    await using proxy = await cuttingProxy(url)
    await using database = await openPostgresDatabase(proxy.url)
    proxy.cutAnswerTo('commit\0')
    await expect(database.tags.insert(sampleTags(3))).rejects.toMatchObject({
      code: 'connection-lost',
      message: expect.stringContaining('may have happened'),
    })
    expect(await database.tags.insert(sampleTags(3))).toEqual([])
    expect(await attackerTagCount(database)).toBe(3)
  })

  it('while listening: it is made anew, and tells once since something may have been missed', async () => {
    const { first, second } = await openTwice()
    await using database = first
    await using rival = second
    const calls = new Calls()
    await using _listening = await database.changes.listen('deckies', calls.count)
    await terminate(rival.queries, `query = 'listen deckies'`)
    await calls.reach(1)
    await announceDecky(rival, 'one')
    await calls.reach(2)
    expect(calls.made).toBe(2)
  })
})

describe('the clock', () => {
  it('is that of the server, in UTC with milliseconds, the same for a whole batch', async () => {
    await using database = await openPostgresDatabase(`${url}?options=-c%20TimeZone%3DAsia/Tokyo`)
    await database.tags.insert(sampleTags(2500))
    const rows = await database.queries.selectFrom('ttp_tag').select('created_at').distinct().execute()
    expect(rows).toEqual([{ created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) }])
    const createdAt = new Date(rows[0]!.created_at).getTime()
    const [{ milliseconds }] = (await server.query(
      'select (extract(epoch from clock_timestamp()) * 1000)::float8 as milliseconds',
    )) as [{ milliseconds: number }]
    expect(createdAt).toBeLessThanOrEqual(milliseconds)
    expect((await database.now()).getTime()).toBeGreaterThanOrEqual(Math.floor(milliseconds))
  })
})

async function attackerTagCount({ queries }: Database): Promise<number> {
  const attacker = await queries.selectFrom('ttp_attacker').select('tag_count').executeTakeFirstOrThrow()
  return attacker.tag_count
}

/** Ends the one connection to this database of which the condition holds, as soon as there is one. */
async function terminate(queries: Database['queries'], condition: string): Promise<void> {
  const ended = sql<{ ended: boolean }>`
    select pg_terminate_backend(pid, 10000) as ended from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and ${sql.raw(condition)}`
  while ((await ended.execute(queries)).rows.length === 0);
}

/** A function whose first calls wait for each other; later ones do not. */
function barrier(parties: number): () => Promise<void> {
  let arrived = 0
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    if (++arrived === parties) open()
    return opened
  }
}
