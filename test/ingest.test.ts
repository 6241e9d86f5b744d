import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createApi } from '../src/api/create-api.js'
import { MemoryBus } from '../src/bus/memory/memory-bus.js'
import { DirectIntake } from '../src/intake/direct-intake.js'
import type { EventIntake } from '../src/intake/event-intake.js'
import { FollowedIntake } from '../src/intake/followed-intake.js'
import type { PushAnswer } from '../src/intake/push-report.js'
import type { EventPipeline } from '../src/pipeline/event-pipeline.js'
import type { Database } from '../src/storage/database.js'
import { DatabaseError } from '../src/storage/database-error.js'
import { openSqliteDatabase } from '../src/storage/sqlite/open-sqlite-database.js'
import { createSensorToken, revokeSensorToken, type Sensor } from '../src/storage/swarm/sensor-tokens.js'
import { SILENT_LOG } from '../src/tagging/tolerant-tagger.js'
import type { TaggingWorker } from '../src/worker/tagging-worker.js'
import { runBatch, shippedPipeline, storedTags } from './support/batch-run.js'
import { captureLines } from './support/capture.js'
import { TEST_KEY } from './support/correlate.js'
import { startWorker } from './support/swarm.js'

const EVENTS = '/api/v1/ttp/events'
const ANY_DECKY: Sensor = { name: 'collector', deckyId: null, format: null, kinds: null }
/** A part of the capture in which something of every kind is. */
const LINES = captureLines().slice(0, 400)

let pipeline: EventPipeline
let database: Database
let worker: TaggingWorker
let intake: EventIntake
let api: FastifyInstance

beforeAll(async () => {
  pipeline = await shippedPipeline()
})
beforeEach(async () => {
  database = await openSqliteDatabase('sqlite::memory:')
  worker = await startWorker({ database, bus: new MemoryBus(), pipeline })
  intake = new DirectIntake(worker.tagger)
  api = apiOf(intake)
})
afterEach(async () => {
  await api.close()
  await worker.drain()
  await database.close()
})

function apiOf(of: EventIntake): FastifyInstance {
  const readiness = async () => ({ isReady: true, reasons: [] })
  return createApi({ intake: of, database, readiness, metrics: async () => '# none\n', log: SILENT_LOG })
}

interface Push {
  readonly token?: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
}

async function push(body: string | Buffer | Readable, { token, query = '', headers = {} }: Push = {}, to = api) {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const response = await to.inject({
    method: 'POST',
    url: EVENTS + query,
    headers: { ...authorization, ...headers },
    payload: body,
  })
  return {
    status: response.statusCode,
    headers: response.headers,
    body: response.json<PushAnswer & { error?: string }>(),
  }
}

/** Tags that single events give: what takes several is concluded later. */
async function observedTags(lines: readonly string[]): Promise<readonly string[]> {
  const { tags } = await runBatch(lines, pipeline)
  return tags.filter((tag) => tag.includes('"basis":"observed"'))
}

async function storedObserved(): Promise<readonly string[]> {
  return (await storedTags(database)).filter((tag) => tag.includes('"basis":"observed"'))
}

describe('pushing events', () => {
  it('keeps them with their tags before it says so', async () => {
    const token = await createSensorToken(database, ANY_DECKY)
    const { status, body } = await push(LINES.join('\n'), { token })
    expect(status).toBe(202)
    expect(body).toMatchObject({ lines: 400, refused: 0, problems: [] })
    expect(await storedObserved()).toEqual(await observedTags(LINES))
    const stored = await database.queries.selectFrom('ttp_event').select('source_id').execute()
    expect(body.accepted).toBeGreaterThanOrEqual(stored.length)
    expect(stored.length).toBeGreaterThan(300)
  })

  it('takes gzip, a named format, and the same again', async () => {
    const token = await createSensorToken(database, ANY_DECKY)
    const packed = gzipSync(LINES.join('\n'))
    const headers = { 'content-encoding': 'gzip', 'content-type': 'application/x-ndjson' }
    const first = await push(packed, { token, headers, query: '?format=cowrie' })
    const tags = await storedTags(database)
    expect(await push(packed, { token, headers, query: '?format=cowrie' })).toMatchObject({
      status: 202,
      body: first.body,
    })
    expect(await storedTags(database)).toEqual(tags)
  })

  it('refuses whoever has no token, a wrong one or one that was revoked', async () => {
    const token = await createSensorToken(database, ANY_DECKY)
    for (const wrong of [undefined, 'x', `${token.slice(0, -1)}!`]) {
      const { status, headers } = await push(LINES[0]!, wrong === undefined ? {} : { token: wrong })
      expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer'])
    }
    await revokeSensorToken(database, 'collector')
    expect((await push(LINES[0]!, { token })).status).toBe(401)
    expect(await database.queries.selectFrom('ttp_event').selectAll().execute()).toEqual([])
  })

  it('makes events those of the decky that the token names, with the same ids each time', async () => {
    const token = await createSensorToken(database, { ...ANY_DECKY, deckyId: 'dmz-1' })
    await push(LINES.join('\n'), { token })
    await push(LINES.join('\n'), { token })
    const rows = await database.queries.selectFrom('ttp_event').select(['source_id', 'decky_id']).execute()
    expect(new Set(rows.map(({ decky_id }) => decky_id))).toEqual(new Set(['dmz-1']))
    const { events } = await runBatch(LINES, pipeline)
    expect(rows).toHaveLength(new Set(events.map(({ sourceId }) => sourceId)).size)
  })

  it('takes no source kind that the token does not name', async () => {
    const token = await createSensorToken(database, { ...ANY_DECKY, kinds: new Set(['session']) })
    const { status, body } = await push(LINES.join('\n'), { token })
    expect(status).toBe(202)
    expect(body.problems[0]).toMatchObject({ code: 'kind-not-allowed' })
    const kinds = await database.queries.selectFrom('ttp_event').select('source_kind').distinct().execute()
    expect(kinds).toEqual([{ source_kind: 'session' }])
  })

  it('takes privileged formats and kinds only from a token that names them', async () => {
    const event = { observed_at: '2026-11-20T08:00:00Z', source_ip: '192.0.2.1', payload: {} }
    const lines = ['intel', 'command'].map((source_kind) => JSON.stringify({ ...event, source_kind })).join('\n')
    const collector = await createSensorToken(database, ANY_DECKY)
    expect((await push(lines, { token: collector, query: '?format=events' })).status).toBe(400)
    const eventsToken = await createSensorToken(database, { ...ANY_DECKY, name: 'events', format: 'events' })
    expect((await push(lines, { token: eventsToken })).body).toMatchObject({ accepted: 1, refused: 1 })
    const all = await createSensorToken(database, {
      ...ANY_DECKY,
      name: 'all',
      format: 'events',
      kinds: new Set(['intel', 'command']),
    })
    expect((await push(lines, { token: all })).body).toMatchObject({ accepted: 2, refused: 0 })
  })

  it('tells what is wrong with which line, and takes the rest', async () => {
    const token = await createSensorToken(database, ANY_DECKY)
    const { status, body } = await push([LINES[0], '{"broken', LINES[1], ''].join('\n'), {
      token,
      query: '?format=cowrie',
    })
    expect([status, body.refused, body.problems[0]?.line]).toEqual([202, 1, 2])
  })

  it('says so where all that was sent has come to nothing', async () => {
    const token = await createSensorToken(database, ANY_DECKY)
    const { body } = await push('no mailbox\nat all\n', { token, query: '?format=mbox' })
    expect(body).toMatchObject({ accepted: 0, refused: 0, problems: [{ code: 'no-events' }] })
  })

  it.each([
    ['what is no log', 'GET / HTTP/1.1\nrubbish\n', {}, 422],
    ['a format that does not exist', LINES[0]!, { query: '?format=nonsense' }, 422],
    ['gzip that is none', LINES[0]!, { headers: { 'content-encoding': 'gzip' } }, 400],
    [
      'gzip that breaks off',
      gzipSync(LINES.join('\n')).subarray(0, 900),
      { headers: { 'content-encoding': 'gzip' } },
      400,
    ],
    ['another encoding', LINES[0]!, { headers: { 'content-encoding': 'br' } }, 400],
  ])('refuses %s', async (_what, body, options, status) => {
    const token = await createSensorToken(database, ANY_DECKY)
    const answer = await push(body, { token, ...options })
    expect(answer.status).toBe(status)
    expect(JSON.stringify(answer.body)).not.toContain('rubbish')
  })

  it('bounds what a small body may unpack to', async () => {
    const token = await createSensorToken(database, ANY_DECKY)
    const bomb = gzipSync(Buffer.alloc(520 << 20, 'x'))
    const { status } = await push(bomb, { token, headers: { 'content-encoding': 'gzip' }, query: '?format=cowrie' })
    expect(status).toBe(413)
  })

  it('asks for the push again where it cannot be made durable', async () => {
    const token = await createSensorToken(database, ANY_DECKY)
    const failing = apiOf({
      accept: () => Promise.reject(new DatabaseError('disk-full', 'The disk is full', { remedy: 'Make room.' })),
    })
    const answer = await push(LINES.join('\n'), { token }, failing)
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '2'])
    await failing.close()
  })

  it('reads no further than what is behind it can keep', async () => {
    const token = await createSensorToken(database, ANY_DECKY)
    let accepted = 0
    let produced = 0
    let most = 0
    const slow = apiOf({
      async accept(events) {
        await new Promise(setImmediate)
        accepted += events.length
        return []
      },
    })
    const body = Readable.from(
      (function* () {
        for (let index = 0; index < 40; index++) {
          produced += LINES.length
          most = Math.max(most, produced - accepted)
          yield Buffer.from(`${LINES.join('\n')}\n`)
        }
      })(),
    )
    const headers = { 'transfer-encoding': 'chunked' }
    expect((await push(body, { token, headers, query: '?format=cowrie' }, slow)).status).toBe(202)
    expect(accepted).toBeGreaterThan(10_000)
    expect(most).toBeLessThan(8000)
    await slow.close()
  })

  it('tells of health without a token, and of nothing that is not there', async () => {
    for (const [path, status] of [
      ['/healthz', 200],
      ['/readyz', 200],
      ['/metrics', 200],
      ['/other', 404],
    ] as const) {
      expect((await api.inject(path)).statusCode).toBe(status)
    }
  })
})

describe('following files', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-follow-'))
  })
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  it('goes on where it was, through rotation and restarts, and keeps each event once', async () => {
    const path = join(folder, 'cowrie.json')
    const write = (from: number, to: number) => appendFileSync(path, `${LINES.slice(from, to).join('\n')}\n`)
    const follow = async (until: number) => {
      const options = { targets: [path], name: 'host', key: TEST_KEY, database, intake, log: SILENT_LOG }
      const stop = new AbortController()
      const followed = await FollowedIntake.open(options)
      const running = followed.run(stop.signal)
      await expect.poll(storedObserved).toEqual(await observedTags(LINES.slice(0, until)))
      stop.abort()
      await running
    }
    write(0, 100)
    await follow(100)
    write(100, 200)
    await follow(200)
    renameSync(path, `${path}.1`)
    writeFileSync(path, '')
    write(200, 400)
    await follow(400)
    const { events } = await runBatch(LINES, pipeline)
    const rows = await database.queries.selectFrom('ttp_event').select('source_id').execute()
    expect(rows).toHaveLength(new Set(events.map(({ sourceId }) => sourceId)).size)
  })
})
