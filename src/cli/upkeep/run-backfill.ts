import { openBus, openDatabase, openPipeline } from '../../app.js'
import type { Bus } from '../../bus/bus.js'
import { type Config, loadConfig } from '../../config/config.js'
import { formatQuantity } from '../../exports/page/page-format.js'
import type { Database } from '../../storage/database.js'
import { backfill } from '../../worker/backfill.js'
import { BatchKeeper } from '../../worker/batch-keeper.js'
import { EventJudge } from '../../worker/event-judge.js'
import { FiringLimit } from '../../worker/firing-limit.js'
import { LiveMembership } from '../../worker/live-membership.js'
import { OutboxRelay } from '../../worker/outbox-relay.js'
import { databaseUrl } from '../database-url.js'
import { CommandFailure, EXIT } from '../failure.js'
import { secretKey } from '../service/secret-key.js'
import { stopSignal } from '../stop-signal.js'
import { say, terminalLog } from '../terminal.js'

interface BackfillCommandOptions {
  readonly since: Date
  readonly db?: string
  readonly rules?: string
  readonly announce?: boolean
  readonly rate?: number
  readonly restart?: boolean
}

/** Runs `decnet-ttp backfill`. */
export async function runBackfill(options: BackfillCommandOptions): Promise<void> {
  const rule_store_type = options.rules === undefined ? undefined : 'filesystem'
  const config = loadConfig({ flags: { database_url: options.db, rules_dir: options.rules, rule_store_type } })
  await using database = await openDatabase(databaseUrl(options.db), { mustExist: true })
  if (options.announce === true && config.bus_url === 'memory:') {
    throw new CommandFailure('--announce needs a bus: set bus_url, or leave it out')
  }
  await using bus = options.announce === true ? await openBus(config) : null
  const { pipeline } = await openPipeline(config, { log: terminalLog })
  const membership = new LiveMembership()
  await membership.reload(database)
  using stopping = stopSignal()
  const { keeper, relay } = keeping(config, database, bus)
  const done = await backfill({
    database,
    pipeline,
    judge: new EventJudge({ pipeline, membership }),
    keeper,
    membership,
    secretKey: await secretKey(config, database),
    since: options.since,
    restart: options.restart === true,
    rate: options.rate ?? Number.POSITIVE_INFINITY,
    log: terminalLog,
    signal: stopping.signal,
    ...(process.stderr.isTTY === true && { onProgress: ({ readTo }) => drawPlace(readTo) }),
  })
  await keeper.tellSuppressed(true)
  await relay?.close()
  if (process.stderr.isTTY === true) process.stderr.write('\r\u001b[K')
  say(
    `${formatQuantity(done.events, 'event')} judged, ${formatQuantity(done.tags, 'tag')} stated, ${done.newTags.toLocaleString('en')} of them new`,
  )
  if (!done.isComplete) {
    throw new CommandFailure('interrupted; the same command goes on from here', EXIT.interrupted)
  }
}

function keeping({ fired_per_minute: perMinute }: Config, database: Database, bus: Bus | null) {
  if (bus === null) return { keeper: new BatchKeeper({ database, announcing: null }), relay: null }
  const relay = new OutboxRelay({ database, bus, log: terminalLog })
  const limit = new FiringLimit({ perMinute, now: Date.now })
  return { keeper: new BatchKeeper({ database, announcing: { relay, limit } }), relay }
}

function drawPlace(readTo: Date): void {
  process.stderr.write(`\rjudged up to ${readTo.toISOString()}`)
}
