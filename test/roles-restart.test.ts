import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { STREAM_CORRELATION } from '../src/correlation/correlation-options.js'
import { IdentityMembership } from '../src/correlation/identity-membership.js'
import type { EventPipeline } from '../src/pipeline/event-pipeline.js'
import type { Database } from '../src/storage/database.js'
import { openPostgresDatabase } from '../src/storage/postgres/open-postgres-database.js'
import { Lease } from '../src/storage/swarm/lease.js'
import { BatchKeeper } from '../src/worker/batch-keeper.js'
import { CorrelationRole } from '../src/worker/correlation/correlation-role.js'
import { EventJudge } from '../src/worker/event-judge.js'
import { keepHouse } from '../src/worker/housekeeping.js'
import { shippedPipeline } from './support/batch-run.js'
import { TEST_KEY } from './support/correlate.js'
import { OwnPostgresServer } from './support/own-postgres-server.js'
import { recordingLog } from './support/recording-log.js'

let pipeline: EventPipeline
let server: OwnPostgresServer
let database: Database
let stop: AbortController
let log: ReturnType<typeof recordingLog>

beforeAll(async () => {
  pipeline = await shippedPipeline()
})
beforeEach(async () => {
  server = await OwnPostgresServer.start()
  database = await openPostgresDatabase(server.url)
  stop = new AbortController()
  log = recordingLog()
})
afterEach(async () => {
  await database.close()
  await server[Symbol.asyncDispose]()
})

const said = () => log.lines.map(({ message }) => message).join('\n')

/** The database, whose server crashes when something of it is used for the first time. */
function crashingAt(name: 'now' | 'changes'): Database {
  let isUp = true
  const crash = async () => {
    if (isUp) await server.stop('crash')
    isUp = false
  }
  const { changes } = database
  const replaced = {
    now: () => crash().then(() => database.now()),
    changes: {
      listen: (...how: Parameters<typeof changes.listen>) => crash().then(() => changes.listen(...how)),
    },
  }
  return new Proxy(database, {
    get: (target, key) => {
      if (key === name) return replaced[name]
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function correlation(over: Database): CorrelationRole {
  const membership = new IdentityMembership()
  return new CorrelationRole({
    database: over,
    pipeline,
    membership,
    judge: new EventJudge({ pipeline, membership }),
    keeper: new BatchKeeper({ database: over, announcing: null }),
    secretKey: TEST_KEY,
    correlation: STREAM_CORRELATION,
    progress: async () => ({ finishedUntil: 0, pending: 0 }),
    leaseDuration: 600,
    log,
  })
}

describe('a role whose database goes away while it is held', () => {
  it('is given up without another error than the one that led to it', async () => {
    const lease = await Lease.acquire(database, { name: 'some-role' })
    await server.stop('crash')
    await expect(lease[Symbol.asyncDispose]()).resolves.toBeUndefined()
  })

  it('goes on with housekeeping later', async () => {
    const holding = keepHouse({ database: crashingAt('now'), rawEventDays: 30, log }, stop.signal)
    await expect.poll(said).toContain('housekeeping was interrupted')
    stop.abort()
    await expect(holding).resolves.toBeUndefined()
  })

  it('correlates once the database is back', async () => {
    const role = correlation(crashingAt('changes'))
    const holding = role.hold(stop.signal)
    await expect.poll(said).toContain('waiting for it')
    await server.resume()
    await expect.poll(() => role.isHeld && role.lag().catch(() => null)).toBe(0)
    stop.abort()
    await expect(holding).resolves.toBeUndefined()
  })
})
