import { setTimeout } from 'node:timers/promises'
import type pg from 'pg'
import { toDatabaseError } from './postgres-error.js'

/** Milliseconds before a lost connection is tried for again: at first, and at most. */
const FIRST_PAUSE = 50
const LONGEST_PAUSE = 5_000

export interface PostgresListenerOptions {
  readonly createClient: () => pg.Client
  readonly location: string
  readonly channel: string
  readonly onChange: () => void
}

/** Listens to one channel on a connection of its own, which it makes anew whenever it is lost. */
export class PostgresListener {
  readonly #options: PostgresListenerOptions
  readonly #closing = new AbortController()
  #connection: Connection | undefined
  #following: Promise<void> | undefined

  constructor(options: PostgresListenerOptions) {
    this.#options = options
  }

  /** @throws DatabaseError */
  async start(): Promise<void> {
    try {
      this.#connection = await this.#connect()
    } catch (error) {
      throw toDatabaseError(error, this.#options.location)
    }
    this.#following = this.#follow(this.#connection)
  }

  /** Idempotent. No call begins after it has answered. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#connection?.client.end().catch(() => {})
    await this.#following
  }

  /** What was announced while there was no connection is lost, so each new one counts as a change. */
  async #follow(connection: Connection): Promise<void> {
    let current: Connection | null = connection
    while (current !== null) {
      await current.ended
      current = await this.#connectAgain()
      if (current !== null) this.#tell()
    }
  }

  /** Null when closing. */
  async #connectAgain(): Promise<Connection | null> {
    const { signal } = this.#closing
    for (let pause = FIRST_PAUSE; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      await setTimeout(Math.random() * pause, undefined, { signal }).catch(() => {})
      if (signal.aborted) return null
      this.#connection = await this.#connect().catch(() => undefined)
      if (this.#connection === undefined) continue
      if (!signal.aborted) return this.#connection
      await this.#connection.client.end().catch(() => {})
    }
    return null
  }

  async #connect(): Promise<Connection> {
    const client = this.#options.createClient()
    const ended = new Promise<void>((resolve) => void client.once('end', resolve))
    client.on('notification', () => this.#tell())
    try {
      await client.connect()
      await client.query(`listen ${this.#options.channel}`)
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
    return { client, ended }
  }

  #tell(): void {
    if (!this.#closing.signal.aborted) this.#options.onChange()
  }
}

interface Connection {
  readonly client: pg.Client
  readonly ended: Promise<void>
}
