import { randomUUID } from 'node:crypto'
import type { Bus, BusMessage } from '../../src/bus/bus.js'
import type { TaggedPayload } from '../../src/bus/payloads.js'
import { TTP_TAGGED } from '../../src/bus/subjects.js'
import { STREAM_CORRELATION } from '../../src/correlation/correlation-options.js'
import type { EventPipeline } from '../../src/pipeline/event-pipeline.js'
import type { Database } from '../../src/storage/database.js'
import { SILENT_LOG } from '../../src/tagging/tolerant-tagger.js'
import { TaggingWorker, type TaggingWorkerOptions } from '../../src/worker/tagging-worker.js'
import { TEST_KEY } from './correlate.js'

export interface SwarmParts extends Partial<TaggingWorkerOptions> {
  readonly database: Database
  readonly bus: Bus
  readonly pipeline: EventPipeline
}

/** A worker in this process. */
export function startWorker(parts: SwarmParts): Promise<TaggingWorker> {
  return TaggingWorker.start({
    stateSeq: () => null,
    reloadRules: async () => {},
    name: `worker-${randomUUID().slice(0, 8)}`,
    secretKey: TEST_KEY,
    rawEventDays: 30,
    firedPerMinute: 10,
    log: SILENT_LOG,
    correlation: { ...STREAM_CORRELATION, now: () => Number.POSITIVE_INFINITY },
    ...parts,
  })
}

/** The ids of tags as `ttp.tagged` names them, each as often as it does. */
export class Announced implements AsyncDisposable {
  readonly #subscription: AsyncDisposable
  readonly #messages: BusMessage[]

  private constructor(subscription: AsyncDisposable, messages: BusMessage[]) {
    this.#subscription = subscription
    this.#messages = messages
  }

  static async on(bus: Bus): Promise<Announced> {
    const messages: BusMessage[] = []
    const subscription = await bus.subscribe(
      TTP_TAGGED,
      (message) => {
        messages.push(message)
        return { kind: 'ack' }
      },
      { from: 'all', maxInFlight: 100 },
    )
    return new Announced(subscription, messages)
  }

  get tagIds(): readonly string[] {
    return this.#messages.flatMap(({ payload }) => (payload as TaggedPayload).tag_ids)
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#subscription[Symbol.asyncDispose]()
  }
}

/** The ids of tags in the text of `storedTags`. */
export function idsOf(tags: readonly string[]): readonly string[] {
  return tags.map((tag) => (JSON.parse(tag) as { uuid: string }).uuid)
}
