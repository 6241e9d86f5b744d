import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ConsumerProgress } from '../src/bus/bus.js'
import { STREAM_CORRELATION } from '../src/correlation/correlation-options.js'
import { IdentityMembership } from '../src/correlation/identity-membership.js'
import { SecretHash } from '../src/correlation/secret-hash.js'
import type { TaggerEvent } from '../src/events/tagger-event.js'
import type { EventPipeline } from '../src/pipeline/event-pipeline.js'
import type { Database } from '../src/storage/database.js'
import { eventRow } from '../src/storage/events/event-rows.js'
import { openSqliteDatabase } from '../src/storage/sqlite/open-sqlite-database.js'
import { SILENT_LOG } from '../src/tagging/tolerant-tagger.js'
import { BatchKeeper } from '../src/worker/batch-keeper.js'
import type { CorrelationParts } from '../src/worker/correlation/correlation-parts.js'
import { CorrelationRole } from '../src/worker/correlation/correlation-role.js'
import { EventJudge } from '../src/worker/event-judge.js'
import { type BatchRun, closingEvent, runBatch, shippedPipeline, storedTags } from './support/batch-run.js'
import { captureLines } from './support/capture.js'
import { TEST_KEY } from './support/correlate.js'
import { idsOf } from './support/swarm.js'

const SECRETS = new SecretHash(TEST_KEY)
const DONE: ConsumerProgress = { finishedUntil: Number.MAX_SAFE_INTEGER, pending: 0 }

let pipeline: EventPipeline
let batch: BatchRun
let database: Database
let progress: () => Promise<ConsumerProgress>
let stop: AbortController
let holding: Promise<void> | undefined

beforeAll(async () => {
  pipeline = await shippedPipeline()
  batch = await runBatch(captureLines(), pipeline)
})
beforeEach(async () => {
  database = await openSqliteDatabase('sqlite::memory:')
  progress = async () => DONE
  stop = new AbortController()
  holding = undefined
})
afterEach(async () => {
  stop.abort()
  await holding
  await database.close()
})

function role(more: Partial<CorrelationParts> = {}): CorrelationRole {
  const membership = new IdentityMembership()
  return new CorrelationRole({
    database,
    pipeline,
    membership,
    judge: new EventJudge({ pipeline, membership }),
    keeper: new BatchKeeper({ database, announcing: null }),
    secretKey: TEST_KEY,
    correlation: { ...STREAM_CORRELATION, now: () => Number.POSITIVE_INFINITY },
    progress: () => progress(),
    log: SILENT_LOG,
    ...more,
  })
}

interface Kept {
  readonly event: TaggerEvent
  readonly streamSeq: number | null
}

function keep(kept: readonly Kept[]) {
  const events = kept.map(({ event, streamSeq }) => eventRow(event, { secrets: SECRETS, streamSeq, isJudged: true }))
  return database.transact((transaction) => transaction.keep({ tags: [], events }))
}

const derivedOf = (tags: readonly string[]) => tags.filter((tag) => tag.includes('"basis":"derived"'))
const stored = async () => derivedOf(await storedTags(database))

/** A session that something is concluded from a little while after its last event. */
function lastSession(): readonly Kept[] {
  const derived = derivedOf(batch.tags).map(
    (tag) => JSON.parse(tag) as { source_kind: string; session_id: string | null },
  )
  const { session_id } = derived.find((tag) => tag.source_kind === 'session' && tag.session_id !== null)!
  const events = batch.events.filter(({ sessionId }) => sessionId === session_id)
  return events.map((event) => ({ event, streamSeq: null }))
}

describe('CorrelationRole', () => {
  it('takes events in the order of their stream, in whatever order workers have kept them', async () => {
    const all = [...batch.events, closingEvent(batch.events)].map((event, index) => ({ event, streamSeq: index + 1 }))
    // One worker died with the first half in its hands; the second was kept long before it came again.
    await keep(all.slice(all.length / 2))
    progress = async () => ({ finishedUntil: 0, pending: all.length / 2 })
    holding = role().hold(stop.signal)
    await delay(500)
    expect(await stored()).toEqual([])
    await keep(all.slice(0, all.length / 2))
    progress = async () => ({ finishedUntil: all.length, pending: 0 })
    await expect.poll(stored).toEqual(derivedOf(batch.tags))
  })

  it('goes on where the last holder stopped, however often it changes, and says nothing twice', async () => {
    const all = [...batch.events, closingEvent(batch.events)].map((event) => ({ event, streamSeq: null }))
    for (let part = 0; part < 8; part++) {
      await keep(all.slice((part * all.length) / 8, ((part + 1) * all.length) / 8))
      const own = new AbortController()
      const current = role()
      const holdingOnce = current.hold(own.signal)
      await expect.poll(async () => current.isHeld && (await current.lag())).toBe(0)
      own.abort()
      await holdingOnce
    }
    expect(await stored()).toEqual(derivedOf(batch.tags))
  })

  it('lets event time pass where it is quiet, so that what has ended is concluded', async () => {
    const correlation = { ...STREAM_CORRELATION, horizon: 300, sessionGrace: 300, now: () => Number.POSITIVE_INFINITY }
    await keep(lastSession())
    holding = role({ correlation, quietAfter: 200 }).hold(stop.signal)
    await expect.poll(async () => (await stored()).length).toBeGreaterThan(0)
  })

  it.each([
    ['something is on its way', async () => ({ finishedUntil: 0, pending: 1 })],
    ['the bus is away', () => Promise.reject(new Error('no answer'))],
  ])('lets no time pass while %s', async (_what, answer) => {
    progress = answer
    const correlation = { ...STREAM_CORRELATION, horizon: 300, sessionGrace: 300, now: () => Number.POSITIVE_INFINITY }
    await keep(lastSession())
    holding = role({ correlation, quietAfter: 100 }).hold(stop.signal)
    await delay(2000)
    expect(await stored()).toEqual([])
  })

  it('writes nothing when another has taken its role over', async () => {
    const first = role({ leaseDuration: 300 })
    holding = first.hold(stop.signal)
    await expect.poll(() => first.isHeld).toBe(true)
    // As if it had been halted: another took the role meanwhile.
    await database.transact(({ queries }) =>
      queries
        .updateTable('ttp_lease')
        .set((row) => ({ holder: 'another', epoch: row('epoch', '+', 1), expires_at: '2999-01-01T00:00:00.000Z' }))
        .where('name', '=', 'correlation')
        .execute(),
    )
    const all = [...batch.events, closingEvent(batch.events)].map((event) => ({ event, streamSeq: null }))
    await keep(all)
    await delay(1500)
    expect(idsOf(await stored())).toEqual([])
    expect(first.isHeld).toBe(false)
  })
})
