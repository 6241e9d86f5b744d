import type pg from 'pg'
import { type ChangeSignal, checkChannel } from '../change-signal.js'
import { PostgresListener } from './postgres-listener.js'

export interface PostgresChangeSignalOptions {
  readonly createClient: () => pg.Client
  /** Named in errors. */
  readonly location: string
}

/** LISTEN and NOTIFY: one connection for each channel that is listened to. */
export class PostgresChangeSignal implements ChangeSignal {
  readonly #options: PostgresChangeSignalOptions
  readonly #listeners = new Set<PostgresListener>()

  constructor(options: PostgresChangeSignalOptions) {
    this.#options = options
  }

  async listen(channel: string, onChange: () => void): Promise<AsyncDisposable> {
    const listener = new PostgresListener({ ...this.#options, channel: checkChannel(channel), onChange })
    this.#listeners.add(listener)
    try {
      await listener.start()
    } catch (error) {
      this.#listeners.delete(listener)
      throw error
    }
    return {
      [Symbol.asyncDispose]: async () => {
        this.#listeners.delete(listener)
        await listener.close()
      },
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#listeners].map((listener) => listener.close()))
    this.#listeners.clear()
  }
}
