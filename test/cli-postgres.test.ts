import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../src/app.js'
import type { TagRow } from '../src/exports/tag-row.js'
import { CAPTURE } from './support/capture.js'
import { type PostgresServer, postgresServer } from './support/postgres-server.js'
import { linesOf, runCli } from './support/run-cli.js'

const SECRET = 'hunter2'

let folder: string
let server: PostgresServer
/** With a password that the server does not ask for. */
let url: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-postgres-'))
  server = await postgresServer()
  const parts = new URL(await server.createDatabase())
  parts.password = SECRET
  url = parts.href
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await server[Symbol.asyncDispose]()
})

describe('tag --db postgres://…', () => {
  it('keeps what it keeps in SQLite, once, and shows no password', async () => {
    const sqlite = `sqlite:${join(folder, 'tags.db')}`
    const first = await runCli(['tag', CAPTURE, '--db', url])
    expect(first).toMatchObject({ status: 0, stderr: '' })
    expect(first.stdout).toMatch(
      / new tags of any confidence kept in postgres:\/\/[\d.:]+\/decnet_ttp_\w+; 0 known before/,
    )
    expect(first.stdout).not.toContain(SECRET)
    const again = await runCli(['tag', CAPTURE], { env: { DECNET_TTP_DATABASE_URL: url } })
    expect(again.stdout).toMatch(/ 0 new tags of any confidence/)
    expect((await runCli(['tag', CAPTURE, '--db', sqlite])).status).toBe(0)
    expect(await everything(url)).toEqual(await everything(sqlite))
  })

  it('explains a tag that it keeps', async () => {
    const { stdout } = await runCli(['tag', CAPTURE, '--db', url, '--output', 'jsonl'])
    const tag = JSON.parse(linesOf(stdout)[0]!) as TagRow
    const explained = await runCli(['explain', '--tag', tag.uuid, '--db', url, '--json'])
    expect(explained).toMatchObject({ status: 0, stderr: '' })
    const { created_at: _created, source_ip: _address, ...stated } = tag
    expect(JSON.parse(explained.stdout)).toMatchObject(stated)
  })

  it.each([
    ['a server that does not answer', () => `postgres://ttp:${SECRET}@127.0.0.1:1/ttp`, /No PostgreSQL server answers/],
    ['a URL of something else', () => `mysql://ttp:${SECRET}@127.0.0.1/ttp`, /sqlite:.*postgres:/],
  ])('ends with one line and code 2 on %s', async (_what, at, message) => {
    const result = await runCli(['tag', CAPTURE, '--db', at()])
    expect(result).toMatchObject({ status: 2, stdout: '' })
    expect(result.stderr).toMatch(message)
    expect(linesOf(result.stderr)).toHaveLength(1)
    expect(result.stderr).not.toContain(SECRET)
  })

  it('makes no tables in a database that it shall only read', async () => {
    const empty = await server.createDatabase()
    const result = await runCli(['explain', '--tag', '00000000-0000-5000-8000-000000000000', '--db', empty])
    expect(result).toMatchObject({ status: 2, stderr: expect.stringMatching(/There are no tags/) })
    expect(await server.query(`select tablename from pg_tables where schemaname = 'public'`, empty)).toEqual([])
  })
})

/** All rows, apart from when they were kept. */
async function everything(at: string) {
  await using database = await openDatabase(at)
  const { queries } = database
  const tags = await queries.selectFrom('ttp_tag').selectAll().orderBy('uuid').execute()
  return [
    tags.map(({ created_at: _created, ...row }) => row),
    await queries.selectFrom('ttp_attacker').selectAll().orderBy('attacker_uuid').execute(),
    await queries.selectFrom('ttp_session').selectAll().orderBy('session_id').execute(),
    await queries.selectFrom('ttp_decky').selectAll().orderBy('decky_id').execute(),
  ]
}
