import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MemoryBus } from '../src/bus/memory/memory-bus.js'
import type { EventPipeline } from '../src/pipeline/event-pipeline.js'
import { openSqliteDatabase } from '../src/storage/sqlite/open-sqlite-database.js'
import { knownWorkers } from '../src/storage/swarm/workers.js'
import { type BatchRun, closingEvent, runBatch, shippedPipeline, storedTags } from './support/batch-run.js'
import { captureLines } from './support/capture.js'
import { deleteNamespace, type NatsServer, natsServer, OwnNatsServer } from './support/nats-server.js'
import { OwnPostgresServer } from './support/own-postgres-server.js'
import { type PostgresServer, postgresServer } from './support/postgres-server.js'
import { ruleText } from './support/rule-text.js'
import { ServiceProcess } from './support/service-process.js'
import { Announced, idsOf, startWorker } from './support/swarm.js'
import { SwarmUnderFire } from './support/swarm-fault.js'

/** Rounds of each fault. What is random in them follows from the seed. */
const ROUNDS = 20
const SEED = 20_261_126
const LONG = 300_000

let pipeline: EventPipeline
let batch: BatchRun
let postgres: PostgresServer
let nats: NatsServer

beforeAll(async () => {
  pipeline = await shippedPipeline()
  batch = await runBatch(captureLines(), pipeline)
  postgres = await postgresServer()
  nats = await natsServer()
})
afterAll(async () => {
  await nats[Symbol.asyncDispose]()
  await postgres[Symbol.asyncDispose]()
})

/** Shorter than it need be: what is halted for longer than this has lost its role. */
const LEASE = { DECNET_TTP_LEASE_SECONDS: '3' }

async function startSwarm(more: { readonly workers?: number; readonly env?: Record<string, string> } = {}) {
  const databaseUrl = await postgres.createDatabase()
  const { workers = 3, env = LEASE } = more
  const swarm = await SwarmUnderFire.start({ databaseUrl, natsUrl: nats.url, workers, seed: SEED, env })
  return {
    swarm,
    databaseUrl,
    [Symbol.asyncDispose]: async () => {
      await swarm[Symbol.asyncDispose]()
      await deleteNamespace(nats.url, swarm.namespace)
    },
  }
}

describe('a swarm of processes ends with the tags of a batch, each announced once', () => {
  it(
    'when a random worker is killed, twenty times',
    async () => {
      await using started = await startSwarm()
      const { swarm } = started
      await swarm.publishInParts(batch.events, ROUNDS, async () => {
        const victim = swarm.random.pick(swarm.workers)
        await victim.end('SIGKILL')
        await victim.start()
      })
      await swarm.expectBatch(batch)
    },
    LONG,
  )

  it(
    'when the worker that correlates is halted for longer than its role lasts, and goes on',
    async () => {
      await using started = await startSwarm({ workers: 2 })
      const { swarm } = started
      await swarm.publishInParts(batch.events, ROUNDS / 4, async () => {
        const victim = correlating(swarm.workers)
        victim.signal('SIGSTOP')
        await delay(4_500)
        victim.signal('SIGCONT')
      })
      await swarm.expectBatch(batch)
    },
    LONG,
  )

  it(
    'when workers are added and drained all the time',
    async () => {
      await using started = await startSwarm({ workers: 1 })
      const { swarm } = started
      await swarm.publishInParts(batch.events, 6, async (part) => {
        const leaving = swarm.workers.shift()!
        swarm.workers.push(await swarm.startWorker(`later-${part}`))
        expect(await leaving.end('SIGTERM')).toBe(0)
      })
      await swarm.expectBatch(batch)
    },
    LONG,
  )

  it(
    'when the master is killed, twenty times, and every change of a rule reaches every worker',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-master-'))
      const databaseUrl = await postgres.createDatabase()
      writeFileSync(
        join(folder, 'R9001.yaml'),
        ruleText({ id: 'R9001', match: '{ field: command_text, contains: round-0 }' }),
      )
      const isSynced = (said: string) => said.includes('written')
      const master = await startMaster(folder, databaseUrl, isSynced)
      await using swarm = await SwarmUnderFire.start({
        databaseUrl,
        natsUrl: nats.url,
        workers: 2,
        seed: SEED,
        env: { DECNET_TTP_RULE_STORE_TYPE: 'database' },
      })
      for (let round = 1; round <= ROUNDS; round++) {
        const killing = delay(swarm.random.below(40)).then(() => master.end('SIGKILL'))
        const text = ruleText({
          id: 'R9001',
          version: round + 1,
          match: `{ field: command_text, contains: round-${round} }`,
        })
        writeFileSync(join(folder, 'R9001.yaml'), text)
        await killing
        await master.start()
      }
      await expect
        .poll(async () => {
          const rules = await swarm.database.queries.selectFrom('ttp_rule').select('rule_version').execute()
          return rules.map(({ rule_version }) => rule_version)
        })
        .toEqual([ROUNDS + 1])
      await expect
        .poll(async () => {
          const { last } = await swarm.database.queries
            .selectFrom('ttp_rule_change')
            .select((row) => row.fn.max('seq').as('last'))
            .executeTakeFirstOrThrow()
          return (await knownWorkers(swarm.database)).map(({ state_seq }) => state_seq === last)
        })
        .toEqual([true, true])
      const hashes = (await knownWorkers(swarm.database)).map(({ ruleset_hash }) => ruleset_hash)
      expect(new Set(hashes).size).toBe(1)
      await master.end('SIGKILL')
      await deleteNamespace(nats.url, swarm.namespace)
      rmSync(folder, { recursive: true, force: true })
    },
    LONG,
  )

  it(
    'when NATS is killed, twenty times',
    async () => {
      await using server = await OwnNatsServer.start()
      const databaseUrl = await postgres.createDatabase()
      await using swarm = await SwarmUnderFire.start({ databaseUrl, natsUrl: server.url, workers: 2, seed: SEED })
      await swarm.publishInParts(batch.events, ROUNDS, async () => {
        await server.kill()
        await delay(swarm.random.below(200))
        await server.start()
      })
      await swarm.expectBatch(batch)
    },
    LONG,
  )

  it(
    'when PostgreSQL crashes and comes back, twenty times',
    async () => {
      await using server = await OwnPostgresServer.start()
      await using swarm = await SwarmUnderFire.start({
        databaseUrl: server.url,
        natsUrl: nats.url,
        workers: 2,
        seed: SEED,
      })
      await swarm.publishInParts(batch.events, ROUNDS, async () => {
        await server.stop('crash')
        await delay(swarm.random.below(1000))
        await server.resume()
      })
      await swarm.expectBatch(batch)
      await deleteNamespace(nats.url, swarm.namespace)
    },
    LONG,
  )
})

/** The one that has taken the role last. */
function correlating(workers: readonly ServiceProcess[]): ServiceProcess {
  const epochOf = ({ said }: ServiceProcess) =>
    Math.max(
      0,
      ...[...said.matchAll(/"epoch":(\d+),"message":"this worker correlates/g)].map(([, epoch]) => Number(epoch)),
    )
  return workers.reduce((one, other) => (epochOf(other) > epochOf(one) ? other : one))
}

function startMaster(folder: string, databaseUrl: string, isSynced: (said: string) => boolean) {
  const command = ['rules', 'sync', folder, '--db', databaseUrl, '--watch']
  return ServiceProcess.start({ command, env: { DECNET_TTP_LEASE_SECONDS: '1' }, isReady: isSynced })
}

describe('one process over SQLite ends with the tags of a batch, each announced once', () => {
  it(
    'when the disk is full in between',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-full-'))
      const url = `sqlite:${join(folder, 'ttp.db')}`
      const all = [...batch.events, closingEvent(batch.events)]
      await using bus = new MemoryBus()
      await using announced = await Announced.on(bus)
      {
        await using database = await openSqliteDatabase(url, { maxPages: 400 })
        const worker = await startWorker({ database, bus, pipeline })
        // Whoever sends waits for an answer, and sends the same again until it is taken.
        let failure: unknown
        for (let start = 0; start < all.length && failure === undefined; start += 100) {
          const events = all.slice(start, start + 100)
          failure = await worker.tagger.submit({ events, streamSeq: null }).catch((error: unknown) => error)
        }
        expect(failure).toMatchObject({ name: 'DatabaseError', code: 'disk-full' })
        expect((await storedTags(database)).length).toBeGreaterThan(500)
        await worker.drain()
      }
      await using database = await openSqliteDatabase(url)
      const worker = await startWorker({ database, bus, pipeline })
      for (let start = 0; start < all.length; start += 100) {
        await worker.tagger.submit({ events: all.slice(start, start + 100), streamSeq: null })
      }
      await expect.poll(async () => (await storedTags(database)).length).toBe(batch.tags.length)
      expect(await storedTags(database)).toEqual(batch.tags)
      const ids = [...idsOf(batch.tags)].sort()
      await expect.poll(() => [...announced.tagIds].sort(), { timeout: 60_000 }).toEqual(ids)
      await worker.drain()
      rmSync(folder, { recursive: true, force: true })
    },
    LONG,
  )
})
