import Fastify, { type FastifyInstance } from 'fastify'
import type { EventIntake } from '../intake/event-intake.js'
import type { Database } from '../storage/database.js'
import type { TaggingLog } from '../tagging/tolerant-tagger.js'
import { sendError } from './errors.js'
import { healthRoutes, type Readiness } from './routes/health.js'
import { ingestRoutes } from './routes/ingest.js'
import { metricsRoutes } from './routes/metrics.js'

export interface ApiParts {
  /** Where pushed events go; null where none are taken here. */
  readonly intake: EventIntake | null
  readonly database: Database
  readonly readiness: () => Promise<Readiness>
  /** The metrics in the text form of Prometheus. */
  readonly metrics: () => Promise<string>
  readonly log: TaggingLog
}

/** A client that neither says nor hears anything for so long is let go, in milliseconds: a bus may take half a minute. */
const SILENCE = 120_000
/** A push of the largest size takes its time, where what is behind it is slow. */
const LONGEST_REQUEST = 3_600_000

/** The HTTP surface, not listening yet. */
export function createApi(parts: ApiParts): FastifyInstance {
  const api = Fastify({
    logger: false,
    connectionTimeout: SILENCE,
    requestTimeout: LONGEST_REQUEST,
    keepAliveTimeout: SILENCE,
    forceCloseConnections: 'idle',
    // What is in a path is none of ours to echo.
    frameworkErrors: (error, _request, reply) => void sendError(error, reply, parts.log),
    routerOptions: { maxParamLength: 200 },
  })
  api.setErrorHandler((error, _request, reply) => sendError(error, reply, parts.log))
  api.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: 'not-found', message: 'there is nothing here' }),
  )
  void api.register(healthRoutes, parts)
  void api.register(metricsRoutes, parts)
  if (parts.intake !== null) void api.register(ingestRoutes, { ...parts, intake: parts.intake, prefix: '/api/v1/ttp' })
  return api
}
