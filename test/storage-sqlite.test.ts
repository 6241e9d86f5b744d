import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteConnection from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../src/storage/database.js'
import { openSqliteDatabase } from '../src/storage/sqlite/open-sqlite-database.js'
import { describeChangeSignal } from './conformance/change-signal.js'
import { describeDatabase } from './conformance/database.js'
import { describeEventKeeping } from './conformance/event-keeping.js'
import { describeEventLog } from './conformance/event-log.js'
import { describeIdentities } from './conformance/identities.js'
import { describeSwarm } from './conformance/swarm.js'
import { describeTagRepository } from './conformance/tag-repository.js'
import { sampleTags } from './conformance/tag-samples.js'
import { describeUpkeep } from './conformance/upkeep.js'
import { fillDatabase, fillUntilKilled } from './support/filling-process.js'

let folder: string
let file: string
let files = 0

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-'))
})
beforeEach(() => {
  file = join(folder, `tags-${++files}.db`)
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describeTagRepository({
  name: 'SQLite in memory',
  open: (now) => openSqliteDatabase('sqlite::memory:', { now: () => now }),
})
describeTagRepository({
  name: 'SQLite in a file',
  open: (now) => openSqliteDatabase(`sqlite:${file}`, { now: () => now }),
})

describeEventKeeping({ name: 'SQLite', open: (now) => openSqliteDatabase(`sqlite:${file}`, { now: () => now }) })
describeEventLog({ name: 'SQLite', open: () => openSqliteDatabase(`sqlite:${file}`) })
describeIdentities({ name: 'SQLite', open: () => openSqliteDatabase(`sqlite:${file}`) })
describeSwarm({ name: 'SQLite', open: (now) => openSqliteDatabase(`sqlite:${file}`, { now }) })
describeUpkeep({ name: 'SQLite', open: (now) => openSqliteDatabase(`sqlite:${file}`, { now }) })

const openTwice = async () => {
  const [first, second] = await Promise.all([openSqliteDatabase(file), openSqliteDatabase(file)])
  return { first, second }
}
describeDatabase({ name: 'SQLite in a file', open: openTwice })
describeDatabase({
  name: 'SQLite in memory',
  open: async () => {
    const only = await openSqliteDatabase('sqlite::memory:')
    return { first: only, second: only }
  },
})
describeChangeSignal({ name: 'SQLite in a file', open: openTwice })

describe('openSqliteDatabase', () => {
  it('finds what it kept when the file is opened again', async () => {
    await using first = await openSqliteDatabase(file)
    await first.tags.insert(sampleTags(3))
    await first.close()
    await using again = await openSqliteDatabase(`sqlite://${file}`)
    expect(await again.tags.insert(sampleTags(4))).toHaveLength(1)
  })

  it('lets two connections fill one file', async () => {
    await using left = await openSqliteDatabase(file)
    await using right = await openSqliteDatabase(file)
    const batches = Array.from({ length: 20 }, (_, index) => sampleTags(10, 1 + index * 5))
    const answers = await Promise.all(batches.map((batch, index) => (index % 2 ? left : right).tags.insert(batch)))
    expect(answers.flat()).toHaveLength(105)
    expect(await attackerTagCount(left)).toBe(105)
  })

  it('lets two processes make and fill one file at once', async () => {
    await Promise.all([fillDatabase(file, 20), fillDatabase(file, 20)])
    await using database = await openSqliteDatabase(file)
    expect(await attackerTagCount(database)).toBe(1000)
  })

  it('is whole after the process that filled it was killed', async () => {
    const kept = await fillUntilKilled(file)
    await using database = await openSqliteDatabase(file)
    const { count } = await database.queries
      .selectFrom('ttp_tag')
      .select((row) => row.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    expect(count).toBeGreaterThanOrEqual(kept)
    expect(count % 50).toBe(0)
    expect(await attackerTagCount(database)).toBe(count)
    await database.close()
    expect(new SqliteConnection(file).pragma('integrity_check', { simple: true })).toBe('ok')
  })

  it('leaves no files but its own behind', async () => {
    const database = await openSqliteDatabase(file)
    await database.tags.insert(sampleTags(3))
    await database.close()
    expect(existsSync(`${file}-wal`)).toBe(false)
  })
})

describe('a database that cannot be used', () => {
  it.each([
    ['an empty URL', 'sqlite:', 'bad-url'],
    ['a URL of something else', 'mysql://host/db', 'bad-url'],
    ['a missing folder', 'sqlite:/nowhere/at/all/tags.db', 'no-such-directory'],
    ['a folder', `sqlite:${tmpdir()}`, 'is-directory'],
    ['a folder that nobody may write', 'sqlite:/proc/tags.db', 'not-writable'],
  ])('says so of %s', async (_what, url, code) => {
    await expect(openSqliteDatabase(url)).rejects.toMatchObject({
      name: 'DatabaseError',
      code,
      remedy: expect.any(String),
    })
  })

  it('says so of a file that is no database', async () => {
    writeFileSync(file, 'not a database\n'.repeat(100))
    await expect(openSqliteDatabase(file)).rejects.toMatchObject({ code: 'not-a-database' })
    expect(statSync(file).size).toBe(1500)
  })

  it("leaves another program's database alone", async () => {
    new SqliteConnection(file).exec('create table bookmark (url text)').close()
    await expect(openSqliteDatabase(file)).rejects.toMatchObject({ code: 'other-database' })
  })

  it('refuses what a newer release has written', async () => {
    await (await openSqliteDatabase(file)).close()
    new SqliteConnection(file).exec(`insert into ttp_migration values ('9999_future', '')`).close()
    await expect(openSqliteDatabase(file)).rejects.toMatchObject({ code: 'newer-schema' })
  })

  it('says so of a file that may only be read', async () => {
    await (await openSqliteDatabase(file)).close()
    const writeVersion = openSync(file, 'r+')
    writeSync(writeVersion, Buffer.from([3]), 0, 1, 18)
    closeSync(writeVersion)
    await expect(openSqliteDatabase(file)).rejects.toMatchObject({ code: 'not-writable' })
  })

  it('says that the disk is full, and keeps what it had', async () => {
    await using database = await openSqliteDatabase(file, { maxPages: 60 })
    await database.tags.insert(sampleTags(10))
    await expect(database.tags.insert(sampleTags(5000))).rejects.toMatchObject({ code: 'disk-full' })
    expect(await database.tags.insert(sampleTags(11))).toHaveLength(1)
  })
})

async function attackerTagCount({ queries }: Database): Promise<number> {
  const attacker = await queries.selectFrom('ttp_attacker').select('tag_count').executeTakeFirstOrThrow()
  return attacker.tag_count
}
