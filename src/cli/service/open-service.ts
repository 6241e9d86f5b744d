import { hostname } from 'node:os'
import { type LivePipeline, openBus, openDatabase, openLivePipeline } from '../../app.js'
import type { Bus } from '../../bus/bus.js'
import { BusError } from '../../bus/bus-error.js'
import type { Config } from '../../config/config.js'
import { type Exporting, startExporting } from '../../observability/exporting.js'
import { createLog, type StructuredLog } from '../../observability/log.js'
import type { Database } from '../../storage/database.js'
import { DatabaseError } from '../../storage/database-error.js'
import { isTransient } from '../../storage/transient-error.js'
import { AttackReleaseMismatchError } from '../../worker/attack-release-mismatch-error.js'
import { CommandFailure, EXIT, withRemedy } from '../failure.js'
import { packageVersion } from '../package-version.js'

/** Errors whose messages quote nobody, so that a log may tell them. */
const OWN_ERRORS = [BusError, DatabaseError, AttackReleaseMismatchError]

const LONGEST_HOST = 56

/** What every long-running command works with. */
export interface Service {
  readonly config: Config
  readonly name: string
  readonly log: StructuredLog
  readonly exporting: Exporting
  readonly database: Database
  readonly bus: Bus
}

/** Opens what a service works with, runs it, and closes it in the reverse order, however that ends. */
export async function withService<Result>(
  config: Config & { readonly database_url: string },
  nameByDefault: () => string,
  run: (service: Service) => Promise<Result>,
): Promise<Result> {
  const name = config.worker_name ?? nameByDefault()
  const log = createLog({ ownErrors: OWN_ERRORS })
  await using exporting = startExporting({
    ...(config.otlp_url === undefined ? {} : { otlpUrl: config.otlp_url }),
    serviceName: 'decnet-ttp',
    serviceVersion: packageVersion(),
    instance: name,
    log,
  })
  await using database = await reach(openDatabase(config.database_url, { outlivesPowerCuts: true }))
  await using bus = await reach(openBus(config, { log }))
  return await run({ config, name, log, exporting, database, bus })
}

/** The host: what is kept under it is gone on with after a restart. */
export function hostName(): string {
  return hostname()
    .replace(/[^A-Za-z0-9_-]/g, '-')
    .slice(0, LONGEST_HOST)
}

/** Host and process: several workers may run on one host. */
export function processName(): string {
  return `${hostName()}-${process.pid}`
}

/** What is away at the start may come: whoever supervises this process is to start it again, not to give it up. */
async function reach<Opened>(opening: Promise<Opened>): Promise<Opened> {
  try {
    return await opening
  } catch (error) {
    const mayCome = isTransient(error) || (error instanceof BusError && error.code === 'unreachable')
    throw mayCome ? new CommandFailure(withRemedy(error), EXIT.failed) : error
  }
}

/** The rules of the settings as they change, for whoever judges events. */
export function openRules({ config, log }: Service): Promise<LivePipeline> {
  return openLivePipeline(config, { log })
}
