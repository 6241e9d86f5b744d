import { setMaxListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { BusError } from '../bus-error.js'
import { pauseAfter } from '../handle-message.js'
import { streamOfSubject } from '../streams.js'
import { wireId } from './decode-message.js'
import { publishRefusal } from './jetstream-errors.js'
import type { JetStreamServer } from './jetstream-server.js'

export interface EncodedMessage {
  readonly subject: string
  readonly id: string
  readonly json: string
}

const ATTEMPT_MS = 5_000
const LONGEST_PAUSE_MS = 1_000
const LAST_ATTEMPTS_MS = 2_000

/** Stores messages, again and again until the server confirms, refuses, or patience ends. */
export class JetStreamPublisher {
  readonly #server: JetStreamServer
  readonly #patienceMs: number
  readonly #stop = new AbortController()
  /** Each ends an attempt that waits for its confirmation. */
  readonly #waiting = new Set<(reason: Error) => void>()
  readonly #publications = new Set<Promise<void>>()

  constructor(server: JetStreamServer, patienceMs: number) {
    this.#server = server
    this.#patienceMs = patienceMs
    setMaxListeners(0, this.#stop.signal)
    // A confirmation that was under way when the connection broke never comes.
    server.watch.onReconnect(() => this.#endAttempts('the connection broke before the confirmation'))
  }

  /** @throws BusError (`no-stream`, `stream-full`, `unconfirmed`, `refused`) */
  async store(message: EncodedMessage): Promise<void> {
    streamOfSubject(message.subject)
    const publication = this.#untilStored(message)
    this.#publications.add(publication)
    try {
      await publication
    } finally {
      this.#publications.delete(publication)
    }
  }

  /** Starts no new attempt; resolves when those that run have ended, for which they get two seconds. */
  async stop(): Promise<void> {
    this.#stop.abort()
    const late = setTimeout(() => this.#endAttempts('nobody waits for the confirmation any more'), LAST_ATTEMPTS_MS)
    await Promise.allSettled(this.#publications)
    clearTimeout(late)
  }

  async #untilStored(message: EncodedMessage): Promise<void> {
    const until = performance.now() + this.#patienceMs
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(message)
      } catch (error) {
        const refusal = publishRefusal(error, message.subject)
        if (refusal !== null) throw refusal
        if (this.#stop.signal.aborted || performance.now() >= until) throw unconfirmed(message.subject, error)
        await pause(Math.min(LONGEST_PAUSE_MS, pauseAfter(attempt)), undefined, { signal: this.#stop.signal }).catch(
          () => {},
        )
        // Nobody confirms for a stream that somebody has deleted.
        if (attempt > 1) await this.#server.stream(streamOfSubject(message.subject)).catch(() => {})
      }
    }
  }

  /** The id keeps a message that an earlier attempt has stored after all from being stored twice. */
  async #attempt({ subject, id, json }: EncodedMessage): Promise<void> {
    const { client, namespace } = this.#server
    const timeout = Math.min(ATTEMPT_MS, this.#patienceMs)
    let end: (reason: Error) => void = () => {}
    try {
      await new Promise((resolve, reject) => {
        end = reject
        this.#waiting.add(end)
        client.publish(namespace.subject(subject), json, { msgID: wireId(subject, id), timeout }).then(resolve, reject)
      })
    } finally {
      this.#waiting.delete(end)
    }
  }

  #endAttempts(reason: string): void {
    for (const end of this.#waiting) end(new Error(reason))
  }
}

function unconfirmed(subject: string, cause: unknown): BusError {
  const message = `the NATS server has not confirmed a message on ${subject}; it may be stored or not`
  return new BusError('unconfirmed', message, {
    remedy: 'Publish it again with the same id when the server is back.',
    cause,
  })
}
