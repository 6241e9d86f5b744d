import type { FastifyInstance } from 'fastify'

/** Whether a process can do its work now. */
export interface Readiness {
  readonly isReady: boolean
  /** What keeps it from that, each for a person. */
  readonly reasons: readonly string[]
}

/** `/healthz`: this process answers. `/readyz`: it keeps up with what it is to do. */
export async function healthRoutes(api: FastifyInstance, parts: { readonly readiness: () => Promise<Readiness> }) {
  api.get('/healthz', async () => ({ status: 'ok' }))
  api.get('/readyz', async (_request, reply) => {
    const { isReady, reasons } = await parts.readiness()
    return reply.code(isReady ? 200 : 503).send({ ready: isReady, reasons })
  })
}
