import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface CuttingProxy extends AsyncDisposable {
  /** The database behind it. */
  readonly url: string
  /** Lets the next message that holds these bytes through, and cuts its connection instead of handing on the answer. */
  cutAnswerTo(bytes: string): void
  /** Hands nothing on from now on. */
  swallowEverything(): void
}

/** A way to a PostgreSQL server that can break at a chosen moment. */
export async function cuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let fatal: string | null = null
  let swallows = false
  const listener = createServer((client) => {
    const server = connect(Number(port) || 5432, hostname)
    let isDoomed = false
    client.on('data', (chunk) => {
      if (fatal !== null && chunk.includes(fatal)) {
        isDoomed = true
        fatal = null
      }
      if (!swallows) server.write(chunk)
    })
    server.on('data', (chunk) => {
      if (isDoomed) client.destroy()
      else client.write(chunk)
    })
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => other.destroy())
    }
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const url = new URL(target)
  url.host = `127.0.0.1:${(listener.address() as { port: number }).port}`
  return {
    url: url.href,
    cutAnswerTo: (bytes) => {
      fatal = bytes
    },
    swallowEverything: () => {
      swallows = true
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      listener.close()
      await once(listener, 'close')
    },
  }
}
