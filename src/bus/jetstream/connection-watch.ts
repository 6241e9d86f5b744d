import type { NatsConnection } from '@nats-io/transport-node'
import type { BusLog } from '../bus-log.js'

/** Knows whether the connection stands, and tells when it is back. What is sent while it does not stand is lost. */
export class ConnectionWatch {
  readonly #onReconnect = new Set<() => void>()
  #isConnected = true

  constructor(connection: NatsConnection, options: { readonly log: BusLog; readonly shown: string }) {
    void this.#follow(connection, options)
  }

  /** Calls back at the next time that the connection is back; the answer takes the callback off again. */
  onReconnect(callback: () => void): () => void {
    this.#onReconnect.add(callback)
    return () => this.#onReconnect.delete(callback)
  }

  /** Resolves when the connection stands, or the signal has aborted. */
  async connected(signal: AbortSignal): Promise<void> {
    if (this.#isConnected || signal.aborted) return
    await new Promise<void>((resolve) => {
      const done = () => {
        forget()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const forget = this.onReconnect(done)
      signal.addEventListener('abort', done)
    })
  }

  async #follow(
    connection: NatsConnection,
    { log, shown }: { readonly log: BusLog; readonly shown: string },
  ): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') {
        this.#isConnected = false
        log.warn({ server: shown }, 'bus lost its NATS server; it tries until the server is back')
      }
      if (type === 'reconnect') {
        this.#isConnected = true
        log.info({ server: shown }, 'bus has its NATS server back')
        for (const callback of [...this.#onReconnect]) callback()
      }
    }
  }
}
