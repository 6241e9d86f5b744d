import type { FastifyInstance } from 'fastify'

/** `/metrics`, as Prometheus reads them. */
export async function metricsRoutes(api: FastifyInstance, parts: { readonly metrics: () => Promise<string> }) {
  api.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await parts.metrics()),
  )
}
