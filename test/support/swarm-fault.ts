import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { Random } from '../../bench/random.js'
import { eventMessages } from '../../src/bus/event-messages.js'
import { JetStreamBus } from '../../src/bus/jetstream/jetstream-bus.js'
import type { TaggerEvent } from '../../src/events/tagger-event.js'
import type { Database } from '../../src/storage/database.js'
import { openPostgresDatabase } from '../../src/storage/postgres/open-postgres-database.js'
import { type BatchRun, closingEvent, storedTags } from './batch-run.js'
import { ServiceProcess } from './service-process.js'
import { Announced, idsOf } from './swarm.js'

export interface SwarmFaultOptions {
  readonly databaseUrl: string
  /** Without a namespace. */
  readonly natsUrl: string
  readonly workers: number
  readonly seed: number
  readonly env?: Readonly<Record<string, string>>
}

/** A swarm of real processes over PostgreSQL and NATS, to which something happens while it works. */
export class SwarmUnderFire implements AsyncDisposable {
  readonly namespace: string
  readonly random: Random
  readonly workers: ServiceProcess[] = []
  readonly database: Database
  readonly bus: JetStreamBus
  readonly env: Readonly<Record<string, string>>

  private constructor(parts: {
    database: Database
    bus: JetStreamBus
    env: Record<string, string>
    namespace: string
    seed: number
  }) {
    this.database = parts.database
    this.bus = parts.bus
    this.env = parts.env
    this.namespace = parts.namespace
    this.random = new Random(parts.seed)
  }

  static async start({ databaseUrl, natsUrl, workers, seed, env = {} }: SwarmFaultOptions): Promise<SwarmUnderFire> {
    const namespace = `fault-${randomUUID().slice(0, 8)}`
    const busUrl = `${natsUrl}/${namespace}`
    const database = await openPostgresDatabase(databaseUrl)
    const bus = await JetStreamBus.open(busUrl)
    const settings = { DECNET_TTP_DATABASE_URL: databaseUrl, DECNET_TTP_BUS_URL: busUrl, ...env }
    const swarm = new SwarmUnderFire({ database, bus, env: settings, namespace, seed })
    const names = Array.from({ length: workers }, (_, index) => `worker-${index + 1}`)
    swarm.workers.push(...(await Promise.all(names.map((name) => swarm.startWorker(name)))))
    return swarm
  }

  startWorker(name: string): Promise<ServiceProcess> {
    return ServiceProcess.start({ command: ['worker', '--name', name], env: this.env })
  }

  /** Publishes the events of a batch in so many parts, and lets something happen during each. */
  async publishInParts(
    events: readonly TaggerEvent[],
    parts: number,
    happen: (part: number) => Promise<void>,
  ): Promise<void> {
    for (let part = 0; part < parts; part++) {
      const some = events.slice((part * events.length) / parts, ((part + 1) * events.length) / parts)
      await Promise.all([this.publish(some), delay(this.random.below(150)).then(() => happen(part))])
    }
    await this.publish([closingEvent(events)])
  }

  async publish(events: readonly TaggerEvent[]): Promise<void> {
    const { messages } = eventMessages(events, this.bus.capabilities.maxPayloadBytes)
    for (const message of messages) await this.bus.publish(message)
  }

  /** Waits for what a batch finds, and holds everything that was stored and announced against it. */
  async expectBatch(batch: BatchRun): Promise<void> {
    const count = async () => (await storedTags(this.database)).length
    await expect.poll(count, { timeout: 120_000, interval: 200 }).toBe(batch.tags.length)
    expect(await storedTags(this.database)).toEqual(batch.tags)
    await using announced = await Announced.on(this.bus)
    const ids = [...idsOf(batch.tags)].sort()
    await expect.poll(() => [...new Set(announced.tagIds)].sort(), { timeout: 120_000 }).toEqual(ids)
    expect(announced.tagIds).toHaveLength(ids.length)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker[Symbol.asyncDispose]()))
    await this.bus.close()
    await this.database.close()
  }
}
