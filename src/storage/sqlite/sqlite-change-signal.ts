import type SqliteConnection from 'better-sqlite3'
import { type ChangeSignal, checkChannel } from '../change-signal.js'

/** How often other connections' commits are looked for, in milliseconds. One look takes microseconds. */
const POLL_INTERVAL = 50

interface Listener {
  readonly channel: string
  readonly onChange: () => void
}

/**
 * SQLite tells nobody of a change, but every connection sees a number that others' commits change. Which channel they
 * meant it does not tell, so any commit of another connection wakes every listener.
 */
export class SqliteChangeSignal implements ChangeSignal {
  readonly #connection: SqliteConnection.Database
  readonly #listeners = new Set<Listener>()
  #poll: NodeJS.Timeout | undefined
  #version: unknown

  constructor(connection: SqliteConnection.Database) {
    this.#connection = connection
  }

  async listen(channel: string, onChange: () => void): Promise<AsyncDisposable> {
    const listener: Listener = { channel: checkChannel(channel), onChange }
    if (this.#listeners.size === 0) this.#startPolling()
    this.#listeners.add(listener)
    return {
      [Symbol.asyncDispose]: async () => {
        this.#listeners.delete(listener)
        if (this.#listeners.size === 0) this.close()
      },
    }
  }

  /** For commits of this connection, whose number they do not change. */
  wake(channels: ReadonlySet<string>): void {
    for (const { channel, onChange } of this.#listeners) if (channels.has(channel)) onChange()
  }

  close(): void {
    clearInterval(this.#poll)
    this.#poll = undefined
    this.#listeners.clear()
  }

  #startPolling(): void {
    this.#version = this.#readVersion()
    this.#poll = setInterval(() => this.#look(), POLL_INTERVAL)
    this.#poll.unref()
  }

  #look(): void {
    const version = this.#readVersion()
    if (version === this.#version) return
    this.#version = version
    for (const { onChange } of this.#listeners) onChange()
  }

  /** Undefined where the file cannot be read just now: the next look that can differs from it, and so wakes. */
  #readVersion(): unknown {
    try {
      return this.#connection.pragma('data_version', { simple: true })
    } catch {
      return undefined
    }
  }
}
