import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventMessages } from '../src/bus/event-messages.js'
import { JetStreamBus } from '../src/bus/jetstream/jetstream-bus.js'
import type { EventPipeline } from '../src/pipeline/event-pipeline.js'
import type { Database } from '../src/storage/database.js'
import { openPostgresDatabase } from '../src/storage/postgres/open-postgres-database.js'
import { type BatchRun, closingEvent, runBatch, shippedPipeline, storedTags } from './support/batch-run.js'
import { captureLines } from './support/capture.js'
import { deleteNamespace, type NatsServer, natsServer } from './support/nats-server.js'
import { type PostgresServer, postgresServer } from './support/postgres-server.js'
import { Announced, idsOf, startWorker } from './support/swarm.js'

let pipeline: EventPipeline
let batch: BatchRun
let postgres: PostgresServer
let nats: NatsServer
let namespace: string
let database: Database
let bus: JetStreamBus

beforeAll(async () => {
  pipeline = await shippedPipeline()
  batch = await runBatch(captureLines(), pipeline)
  postgres = await postgresServer()
  nats = await natsServer()
})
beforeEach(async () => {
  namespace = `test-${randomUUID().slice(0, 8)}`
  database = await openPostgresDatabase(await postgres.createDatabase())
  bus = await JetStreamBus.open(`${nats.url}/${namespace}`)
})
afterEach(async () => {
  await bus.close()
  await deleteNamespace(nats.url, namespace)
  await database.close()
})
afterAll(async () => {
  await nats[Symbol.asyncDispose]()
  await postgres[Symbol.asyncDispose]()
})

describe('two workers on one stream', () => {
  it('find what a batch finds, and announce each tag once, however often everything is delivered', async () => {
    await using announced = await Announced.on(bus)
    const workers = await Promise.all([1, 2].map(() => startWorker({ database, bus, pipeline })))
    const all = [...batch.events, closingEvent(batch.events)]
    for (const { id, ...message } of eventMessages(all, bus.capabilities.maxPayloadBytes).messages) {
      // Under two ids the bus takes them for two.
      await Promise.all([bus.publish({ ...message, id }), bus.publish({ ...message, id: `again-${id}` })])
    }
    await expect.poll(async () => (await storedTags(database)).length).toBe(batch.tags.length)
    expect(await storedTags(database)).toEqual(batch.tags)
    await expect.poll(() => [...announced.tagIds].sort()).toEqual([...idsOf(batch.tags)].sort())
    expect(workers.filter(({ correlates }) => correlates)).toHaveLength(1)
    await Promise.all(workers.map((worker) => worker.drain()))
  })
})
