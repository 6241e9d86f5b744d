import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { freePort } from './free-port.js'

const LOCAL = 'nats://127.0.0.1:4222'

/** A NATS server that tests may use. Disposing of it stops it only if it was started for them. */
export interface NatsServer extends AsyncDisposable {
  readonly url: string
}

/**
 * The server that `DECNET_TTP_TEST_NATS_URL` names, else the one of this host, else one of our own; a test that needs
 * NATS is never left out.
 */
export async function natsServer(): Promise<NatsServer> {
  const named = process.env.DECNET_TTP_TEST_NATS_URL
  if (named !== undefined) return { url: named, async [Symbol.asyncDispose]() {} }
  if (await hasJetStream(LOCAL)) return { url: LOCAL, async [Symbol.asyncDispose]() {} }
  return OwnNatsServer.start()
}

/** A server in a folder of its own, which tests may kill and start again. */
export class OwnNatsServer implements NatsServer {
  readonly url: string
  readonly #port: number
  readonly #folder: string
  readonly #flags: readonly string[]
  #process: ChildProcess | null = null

  private constructor(port: number, flags: readonly string[]) {
    this.#port = port
    this.#flags = flags
    this.#folder = mkdtempSync(join(tmpdir(), 'decnet-ttp-nats-'))
    this.url = `nats://127.0.0.1:${port}`
  }

  /** @param flags of `nats-server`; JetStream unless set */
  static async start(flags: readonly string[] = ['-js']): Promise<OwnNatsServer> {
    const server = new OwnNatsServer(await freePort(), flags)
    await server.start()
    return server
  }

  /** Starts it again on its port with what it had kept; resolves when it listens. */
  async start(): Promise<void> {
    const places = ['-a', '127.0.0.1', '-p', String(this.#port), '-sd', this.#folder]
    const child = spawn(natsServerBinary(), [...places, ...this.#flags], { stdio: ['ignore', 'ignore', 'pipe'] })
    this.#process = child
    await new Promise<void>((resolve, reject) => {
      let said = ''
      // Read to the end: a server whose log nobody takes is ended by the system.
      child.stderr.on('data', (chunk) => {
        said += chunk
        if (said.includes('Server is ready')) resolve()
      })
      child.once('exit', () => reject(new Error(`nats-server did not start:\n${said}`)))
      child.once('error', reject)
    })
  }

  /** Kills it as a power cut would. */
  async kill(): Promise<void> {
    const child = this.#process
    this.#process = null
    if (child === null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Deletes the streams of a namespace. */
export async function deleteNamespace(url: string, namespace: string): Promise<void> {
  const connection = await connect({ servers: addressOf(url) })
  const manager = await jetstreamManager(connection)
  for await (const { config } of manager.streams.list()) {
    if (config.name.startsWith(`decnet-ttp-${namespace}-`)) await manager.streams.delete(config.name)
  }
  await connection.close()
}

/** A connection without the bus, to do what others do. */
export function rawConnection(url: string): Promise<NatsConnection> {
  return connect({ servers: addressOf(url) })
}

export function addressOf(url: string): string {
  return new URL(url).host
}

async function hasJetStream(url: string): Promise<boolean> {
  try {
    const connection = await connect({ servers: addressOf(url), timeout: 1000 })
    const { jetstream } = connection.info ?? {}
    await connection.close()
    return jetstream === true
  } catch {
    return false
  }
}

function natsServerBinary(): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  const found = folders.map((folder) => join(folder, 'nats-server')).find((file) => existsSync(file))
  if (found !== undefined) return found
  throw new Error('These tests need a NATS server. Install one: apt-get install nats-server')
}
