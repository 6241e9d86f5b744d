import type { LivePipeline } from '../../app.js'
import { BusIntake } from '../../intake/bus-intake.js'
import { DirectIntake } from '../../intake/direct-intake.js'
import type { EventIntake } from '../../intake/event-intake.js'
import { FollowedIntake } from '../../intake/followed-intake.js'
import { Gauges } from '../../worker/gauges.js'
import { whatKeepsBack } from '../../worker/readiness.js'
import type { TaggingWorker } from '../../worker/tagging-worker.js'
import { CommandFailure } from '../failure.js'
import { openRules, type Service } from './open-service.js'
import { runUntilTold } from './run-until-told.js'
import { secretKey } from './secret-key.js'
import { serveHttp } from './serve-http.js'
import { startWorker } from './start-worker.js'

const DEFAULT_ADDRESS = '127.0.0.1:8650'

export interface ServeOptions {
  /** Whether this process judges events, too. */
  readonly worker: boolean
}

/** Runs `decnet-ttp serve`. */
export async function runServe(service: Service, options: ServeOptions): Promise<void> {
  const { config, database, name } = service
  const address = config.listen ?? DEFAULT_ADDRESS
  await using rules = options.worker ? await openRules(service) : null
  await using worker = rules === null ? null : await startWorker(service, rules, address)
  if (rules !== null && worker === null) return
  const intake = intakeOf(service, worker)
  using _gauges = new Gauges(database, worker)
  await using http = await serveHttp(service, {
    address,
    intake,
    whatKeepsBack: () => (worker === null ? whatIsAway(service) : whatKeepsBack(worker, database)),
  })
  const stopFollowing = new AbortController()
  const following = follow(service, intake, stopFollowing.signal)
  const place = { worker: name, listens: http.url, database: database.location }
  const shows = { ...place, follows: config.follow.length, rules: countRules(rules) }
  const end = async () => {
    stopFollowing.abort()
    worker?.announceDrain()
    await Promise.all([following.done, http[Symbol.asyncDispose]()])
    await worker?.drain()
  }
  await runUntilTold(service, { shows, parts: [worker?.ended, following.failed], end })
}

/** A bus that keeps what it is given takes the events; else the worker of this process does. */
function intakeOf({ bus }: Service, worker: TaggingWorker | null): EventIntake {
  if (bus.capabilities.durable) return new BusIntake(bus)
  if (worker !== null) return new DirectIntake(worker.tagger)
  throw new CommandFailure(
    'without a worker, events must go to a bus that keeps them: set bus_url to nats://HOST:4222, or leave out --no-worker',
  )
}

interface Following {
  /** Settles when nothing is followed any more. */
  readonly done: Promise<void>
  /** Rejects where following cannot go on; never resolves. */
  readonly failed: Promise<void>
}

function follow(service: Service, intake: EventIntake, signal: AbortSignal): Following {
  const running = followFiles(service, intake, signal)
  const failed = new Promise<void>((_, reject) => running.catch(reject))
  return { done: running.catch(() => {}), failed }
}

async function followFiles(service: Service, intake: EventIntake, signal: AbortSignal): Promise<void> {
  const { config, database, name, log } = service
  if (config.follow.length === 0) return
  const key = await secretKey(config, database)
  const followed = await FollowedIntake.open({ targets: config.follow, name, key, database, intake, log })
  await followed.run(signal)
}

async function whatIsAway({ database, bus }: Service): Promise<readonly string[]> {
  const [time, answer] = await Promise.allSettled([database.now(), bus.check()])
  return [
    ...(time.status === 'rejected' ? ['the database cannot be reached'] : []),
    ...(answer.status === 'rejected' ? ['the bus cannot be reached'] : []),
  ]
}

function countRules(rules: LivePipeline | null): number {
  return rules?.pipeline.ruleset.rules.size ?? 0
}
