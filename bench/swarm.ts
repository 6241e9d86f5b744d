import { setTimeout as delay } from 'node:timers/promises'
import type { ProcessUsage } from './processes.js'
import { ScratchBus } from './scratch-bus.js'
import { ScratchDatabase } from './scratch-database.js'
import { createToken, type Sensor } from './sensor.js'
import { Service } from './service.js'
import type { Workspace } from './workspace.js'

/** Between two looks at how far events have come, in milliseconds. */
const LOOK_MS = 50
/** How long nothing may come before the rest counts as lost, in milliseconds. */
const PATIENCE_MS = 60_000

interface SwarmParts {
  readonly bus: ScratchBus
  readonly database: ScratchDatabase
  readonly intake: Service
  readonly workers: readonly Service[]
  readonly sensor: Sensor
}

/**
 * A process that takes pushes, workers that judge what is pushed, and a database and a bus of their own. Disposing of it
 * leaves nothing of them.
 */
export class Swarm implements AsyncDisposable {
  readonly #parts: SwarmParts

  private constructor(parts: SwarmParts) {
    this.#parts = parts
  }

  /** Resolves when all are at work. */
  static async start(workspace: Workspace, workers: number): Promise<Swarm> {
    const bus = workspace.own(new ScratchBus())
    const database = workspace.own(await ScratchDatabase.create())
    const token = await createToken(database.url)
    const env = { DECNET_TTP_DATABASE_URL: database.url, DECNET_TTP_BUS_URL: bus.url }
    const start = (...command: string[]) => workspace.own(new Service(command, { workspace, env }))
    const intake = start('serve', '--no-worker', '--name', 'intake', '--listen', '127.0.0.1:0')
    const taggers = Array.from({ length: workers }, (_, index) => start('worker', '--name', `worker-${index + 1}`))
    await Promise.all(taggers.map((worker) => worker.running()))
    const sensor = { url: (await intake.running())!, token }
    return new Swarm({ bus, database, intake, workers: taggers, sensor })
  }

  get database(): ScratchDatabase {
    return this.#parts.database
  }

  get sensor(): Sensor {
    return this.#parts.sensor
  }

  get busUrl(): string {
    return this.#parts.bus.url
  }

  /** Resolves when so many events are kept. @throws where no more come and it is not enough */
  async hasKept(events: number): Promise<void> {
    let known = 0
    let changedAt = performance.now()
    while (known < events) {
      await delay(LOOK_MS)
      const kept = await this.#countEvents()
      if (kept !== known) changedAt = performance.now()
      else if (performance.now() - changedAt > PATIENCE_MS)
        throw new Error(`${events - kept} of ${events} events are lost`)
      known = kept
    }
  }

  /** Ends the services and tells what each has used. */
  async end(): Promise<Readonly<Record<string, ProcessUsage>>> {
    const { intake, workers } = this.#parts
    const usage: Record<string, ProcessUsage> = { intake: await intake.end() }
    for (const [index, worker] of workers.entries()) usage[`worker ${index + 1}`] = await worker.end()
    return usage
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { intake, workers, database, bus } = this.#parts
    await Promise.all([intake, ...workers].map((service) => service[Symbol.asyncDispose]()))
    await Promise.all([database[Symbol.asyncDispose](), bus[Symbol.asyncDispose]()])
  }

  /** Each event is counted in the transaction that keeps it and its tags; summing up a few rows disturbs nobody. */
  async #countEvents(): Promise<number> {
    const sum = 'select coalesce(sum(event_count), 0)::int4 as events from ttp_decky'
    const [row] = await this.database.query<{ events: number }>(sum)
    return row!.events
  }
}
