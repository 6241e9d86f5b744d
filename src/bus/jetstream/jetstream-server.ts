import { type JetStreamClient, type JetStreamManager, jetstream, type StreamInfo } from '@nats-io/jetstream'
import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node'
import type { BusLog } from '../bus-log.js'
import { STREAMS, type StreamDefinition } from '../streams.js'
import { ConnectionWatch } from './connection-watch.js'
import { ensureStream } from './ensure-stream.js'
import { connectError, jetStreamError } from './jetstream-errors.js'
import { Namespace } from './namespace.js'
import { parseServerAddress, type ServerAddress } from './server-address.js'

const CONNECT_TIMEOUT_MS = 5_000
const RECONNECT_PAUSE_MS = 250

/** A connected NATS server that has our streams. */
export class JetStreamServer {
  readonly connection: NatsConnection
  readonly client: JetStreamClient
  readonly manager: JetStreamManager
  readonly namespace: Namespace
  readonly watch: ConnectionWatch

  private constructor(parts: Pick<JetStreamServer, 'connection' | 'client' | 'manager' | 'namespace' | 'watch'>) {
    this.connection = parts.connection
    this.client = parts.client
    this.manager = parts.manager
    this.namespace = parts.namespace
    this.watch = parts.watch
  }

  /**
   * Connects once; from then on the connection comes back by itself, however long its server is away.
   *
   * @throws BusError (`bad-url`, `unreachable`, `not-authorised`, `jetstream-disabled`, `stream-mismatch`,
   *   `stream-overlap`)
   */
  static async connect(url: string, log: BusLog): Promise<JetStreamServer> {
    const address = parseServerAddress(url)
    const connection = await connectTo(address)
    try {
      const client = jetstream(connection)
      const manager = await client.jetstreamManager().catch((error) => {
        throw jetStreamError(error, address.shown)
      })
      const namespace = new Namespace(address.namespace)
      const watch = new ConnectionWatch(connection, { log, shown: address.shown })
      const server = new JetStreamServer({ connection, client, manager, namespace, watch })
      for (const definition of STREAMS) await server.stream(definition)
      return server
    } catch (error) {
      await connection.close()
      throw error
    }
  }

  /** The stream of a definition, made again where somebody has deleted it. */
  stream(definition: StreamDefinition): Promise<StreamInfo> {
    return ensureStream(this.manager, definition, this.namespace)
  }
}

async function connectTo({ servers, tls, credentials, shown }: ServerAddress): Promise<NatsConnection> {
  const options: NodeConnectionOptions = {
    servers: [...servers],
    name: 'decnet-ttp',
    timeout: CONNECT_TIMEOUT_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_PAUSE_MS,
    ignoreAuthErrorAbort: true,
    // The client would note a stack for each request, which costs a tenth of a worker's time.
    noAsyncTraces: true,
    ...(tls ? { tls: {} } : {}),
    ...credentials,
  }
  try {
    return await connect(options)
  } catch (error) {
    throw connectError(error, shown)
  }
}
