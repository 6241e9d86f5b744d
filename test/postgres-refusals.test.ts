import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../src/app.js'
import { DatabaseError } from '../src/storage/database-error.js'
import { openPostgresDatabase } from '../src/storage/postgres/open-postgres-database.js'
import { sampleTag, sampleTags } from './conformance/tag-samples.js'
import { cuttingProxy } from './support/cutting-proxy.js'
import { type PostgresServer, postgresServer } from './support/postgres-server.js'

const SECRET = 'hunter2'

let server: PostgresServer
let url: string
/** A user of the server who owns nothing. */
let guest: string

beforeAll(async () => {
  server = await postgresServer()
  guest = `decnet_ttp_guest_${process.pid}`
  await server.query(`create role ${guest} login connection limit 1`)
})
beforeEach(async () => {
  url = await server.createDatabase()
})
afterAll(async () => {
  await server.dropDatabases()
  await server.query(`drop role ${guest}`)
  await server[Symbol.asyncDispose]()
})

describe('a PostgreSQL database that cannot be used', () => {
  it.each([
    ['a port where nothing listens', () => changed({ host: '127.0.0.1:1' }), 'unreachable'],
    ['a host that does not exist', () => changed({ host: 'db.invalid' }), 'unreachable'],
    ['a socket that does not exist', () => 'postgres:///ttp?host=/nowhere', 'unreachable'],
    ['a server without encryption', () => changed({ search: '?sslmode=verify-full' }), 'unreachable'],
    ['an unknown user', () => changed({ username: 'nobody_of_that_name' }), 'authentication-failed'],
    ['an unknown database', () => changed({ pathname: '/no_such_database' }), 'no-such-database'],
    ['a URL that cannot be read', () => `postgres://ttp:12#${SECRET}@db.example.net/ttp`, 'bad-url'],
    [
      'one that is read-only',
      () => changed({ search: '?options=-c%20default_transaction_read_only%3Don' }),
      'not-writable',
    ],
    ['a user who may make nothing', () => changed({ username: guest }), 'not-writable'],
    ['a schema that does not exist', () => changed({ search: '?options=-c%20search_path%3Dnowhere' }), 'not-writable'],
  ])('says so of %s, and repeats no password', async (_what, at, code) => {
    const error = await failureOf(openDatabase(at()))
    expect(error).toMatchObject({ name: 'DatabaseError', code, remedy: expect.stringMatching(/\.$/) })
    expect(`${error.message} ${error.remedy} ${error.stack} ${error.cause}`).not.toContain(SECRET)
  })

  it('says so of a server that has no connection left', async () => {
    await server.query(`grant create on schema public to ${guest}`, url)
    await using first = await openPostgresDatabase(changed({ username: guest }), { connections: 1 })
    await first.transact(async () => {
      const second = await failureOf(openPostgresDatabase(changed({ username: guest })))
      expect(second.code).toBe('too-many-connections')
    })
    await server.query(`drop owned by ${guest}`, url)
  })

  it('says so of a server that never answers', async () => {
    await using proxy = await cuttingProxy(url)
    proxy.swallowEverything()
    expect(await failureOf(openDatabase(proxy.url))).toMatchObject({ code: 'unreachable' })
  })

  it('says so of a database that cannot hold every text', async () => {
    const latin = await server.createDatabase(`encoding 'LATIN1' template template0 lc_collate 'C' lc_ctype 'C'`)
    expect(await failureOf(openDatabase(latin))).toMatchObject({ code: 'wrong-encoding' })
  })

  it('refuses what a newer release has written', async () => {
    await (await openDatabase(url)).close()
    await server.query(`insert into ttp_migration values ('9999_future', '')`, url)
    expect(await failureOf(openDatabase(url))).toMatchObject({ code: 'newer-schema' })
  })

  it("leaves another program's tables alone", async () => {
    await server.query('create table ttp_attacker (name text)', url)
    expect(await failureOf(openDatabase(url))).toMatchObject({ code: 'other-database' })
    expect(
      await server.query(`select to_regclass('ttp_tag') as tag, to_regclass('ttp_migration') as migration`, url),
    ).toEqual([{ tag: null, migration: null }])
  })

  it('makes nothing where it must exist', async () => {
    expect(await failureOf(openDatabase(url, { mustExist: true }))).toMatchObject({ code: 'no-tables' })
    await (await openDatabase(url)).close()
    await using again = await openDatabase(changed({ search: '?options=-c%20default_transaction_read_only%3Don' }), {
      mustExist: true,
    })
    expect(await again.tags.tagByUuid('unknown')).toBeNull()
    expect(await failureOf(again.tags.insert(sampleTags(1)))).toMatchObject({ code: 'not-writable' })
  })

  it('says that the disk is full, and keeps what it had', async () => {
    await using database = await openDatabase(url)
    await database.tags.insert(sampleTags(10))
    await server.query(RUNS_FULL, url)
    expect(await failureOf(database.tags.insert(sampleTags(20)))).toMatchObject({ code: 'disk-full' })
    expect(await database.tags.insert(sampleTags(11))).toHaveLength(1)
  })

  it('quotes the server where nothing better is known, without the row', async () => {
    await using database = await openDatabase(url)
    const refused = failureOf(database.tags.insert([sampleTag(1, { confidence: 2, evidence: { excerpt: SECRET } })]))
    expect(await refused).toMatchObject({ code: 'failed', message: expect.stringMatching(/violates check constraint/) })
    expect((await refused).message).not.toContain(SECRET)
  })
})

describe('openDatabase', () => {
  it.each(['mysql://root:hunter2@db.example.net/x', 'http://db.example.net', 'mongodb:x'])(
    'knows no database at %s, and names those that there are',
    async (unknown) => {
      const error = await failureOf(openDatabase(unknown))
      expect(error).toMatchObject({ code: 'bad-url', remedy: expect.stringMatching(/sqlite:.*postgres:/) })
      expect(error.message).not.toContain(SECRET)
    },
  )

  it('takes a path for a SQLite file', async () => {
    await using database = await openDatabase(':memory:')
    expect(database).toMatchObject({ dialect: 'sqlite', location: ':memory:' })
  })
})

/** A disk that is full from the fifteenth tag on. */
const RUNS_FULL = `
  create function run_full() returns trigger language plpgsql as $$
  begin
    if (select count(*) from ttp_tag) >= 15 then
      raise exception 'could not extend file: No space left on device' using errcode = '53100';
    end if;
    return new;
  end $$;
  create trigger full_disk before insert on ttp_tag for each row execute function run_full()`

/** The URL of this test's database with a password and other parts. */
function changed(parts: { host?: string; username?: string; pathname?: string; search?: string }): string {
  const other = Object.assign(new URL(url), parts)
  other.password = SECRET
  return other.href
}

async function failureOf(work: Promise<unknown>): Promise<DatabaseError> {
  const error = await work.then(
    () => new Error('nothing failed'),
    (reason: unknown) => reason,
  )
  if (error instanceof DatabaseError) return error
  throw error
}
