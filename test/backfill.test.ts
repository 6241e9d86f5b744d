import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SecretHash } from '../src/correlation/secret-hash.js'
import type { EventPipeline } from '../src/pipeline/event-pipeline.js'
import type { Database } from '../src/storage/database.js'
import { eventRow } from '../src/storage/events/event-rows.js'
import { openSqliteDatabase } from '../src/storage/sqlite/open-sqlite-database.js'
import { SILENT_LOG } from '../src/tagging/tolerant-tagger.js'
import { type BackfillOptions, backfill } from '../src/worker/backfill.js'
import { BatchKeeper } from '../src/worker/batch-keeper.js'
import { EventJudge } from '../src/worker/event-judge.js'
import { LiveMembership } from '../src/worker/live-membership.js'
import { type BatchRun, closingEvent, runBatch, shippedPipeline, storedTags } from './support/batch-run.js'
import { captureLines } from './support/capture.js'
import { TEST_KEY } from './support/correlate.js'
import { idsOf } from './support/swarm.js'

let pipeline: EventPipeline
let batch: BatchRun
let database: Database

beforeAll(async () => {
  pipeline = await shippedPipeline()
  batch = await runBatch(captureLines(), pipeline)
})
beforeEach(async () => {
  database = await openSqliteDatabase('sqlite::memory:')
  const secrets = new SecretHash(TEST_KEY)
  const events = [...batch.events, closingEvent(batch.events)].map((event) =>
    eventRow(event, { secrets, streamSeq: null, isJudged: true }),
  )
  await database.transact((transaction) => transaction.keep({ tags: [], events }))
})
afterEach(() => database.close())

function options(more: Partial<BackfillOptions> = {}): BackfillOptions {
  const membership = new LiveMembership()
  return {
    database,
    pipeline,
    judge: new EventJudge({ pipeline, membership }),
    keeper: new BatchKeeper({ database, announcing: null }),
    membership,
    secretKey: TEST_KEY,
    since: new Date('2026-01-01T00:00:00Z'),
    restart: false,
    rate: Number.POSITIVE_INFINITY,
    log: SILENT_LOG,
    signal: new AbortController().signal,
    ...more,
  }
}

// What is kept has its secrets masked, so places in evidence may be others than those of a run over the log.
describe('backfill', () => {
  it('interrupted while it judges, finishes what it has begun and goes on from there', async () => {
    const stop = new AbortController()
    class InterruptedJudge extends EventJudge {
      override judge(...of: Parameters<EventJudge['judge']>) {
        stop.abort(new Error('interrupted'))
        return super.judge(...of)
      }
    }
    const judge = new InterruptedJudge({ pipeline, membership: new LiveMembership() })
    const first = await backfill(options({ judge, signal: stop.signal }))
    expect(first.isComplete).toBe(false)
    expect(first.tags).toBeGreaterThan(0)
    const second = await backfill(options())
    expect(second.isComplete).toBe(true)
    expect(first.events + second.events).toBe(batch.events.length + 1)
    const stored = await storedTags(database)
    expect(idsOf(stored)).toEqual(idsOf(batch.tags))
  })
})
