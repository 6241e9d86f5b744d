import { randomUUID } from 'node:crypto'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { Namespace } from '../src/bus/jetstream/namespace.js'
import { STREAMS } from '../src/bus/streams.js'

const SERVER = process.env.DECNET_TTP_TEST_NATS_URL ?? 'nats://127.0.0.1:4222'

/** A namespace of its own on the NATS server. Disposing of it deletes its streams. */
export class ScratchBus implements AsyncDisposable {
  readonly url: string
  readonly #namespace: string
  #deleted: Promise<void> | undefined

  constructor() {
    this.#namespace = `bench-${randomUUID().slice(0, 8)}`
    this.url = `${SERVER}/${this.#namespace}`
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#deleted ??= this.#delete()
    return this.#deleted
  }

  async #delete(): Promise<void> {
    const connection = await connect({ servers: new URL(SERVER).host })
    const { streams } = await jetstreamManager(connection)
    const own = new Set(STREAMS.map((stream) => new Namespace(this.#namespace).stream(stream)))
    for await (const { config } of streams.list()) if (own.has(config.name)) await streams.delete(config.name)
    await connection.close()
  }
}
