import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventMessages } from '../src/bus/event-messages.js'
import { MemoryBus } from '../src/bus/memory/memory-bus.js'
import type { EventPipeline } from '../src/pipeline/event-pipeline.js'
import type { Database } from '../src/storage/database.js'
import { openSqliteDatabase } from '../src/storage/sqlite/open-sqlite-database.js'
import { type BatchRun, closingEvent, runBatch, shippedPipeline, storedTags } from './support/batch-run.js'
import { captureLines } from './support/capture.js'
import { Announced, idsOf, startWorker } from './support/swarm.js'

let pipeline: EventPipeline
let batch: BatchRun
let database: Database

beforeAll(async () => {
  pipeline = await shippedPipeline()
  batch = await runBatch(captureLines(), pipeline)
})
beforeEach(async () => {
  database = await openSqliteDatabase('sqlite::memory:')
})

describe('a worker', () => {
  it('finds in a stream what a batch finds in the file, and announces each tag once', async () => {
    await using bus = new MemoryBus()
    await using announced = await Announced.on(bus)
    const worker = await startWorker({ database, bus, pipeline })
    const { messages } = eventMessages([...batch.events, closingEvent(batch.events)], bus.capabilities.maxPayloadBytes)
    for (const message of messages) await bus.publish(message)
    expect(messages.length).toBeGreaterThan(100)
    await expect.poll(async () => (await storedTags(database)).length).toBe(batch.tags.length)
    expect(await storedTags(database)).toEqual(batch.tags)
    await expect.poll(() => [...announced.tagIds].sort()).toEqual([...idsOf(batch.tags)].sort())
    await worker.drain()
    await database.close()
  })
})
