import type { FastifyReply } from 'fastify'
import { describeError, type TaggingLog } from '../tagging/tolerant-tagger.js'

/** What is told to whoever asked for something that cannot be done. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode

  constructor(code: ApiErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

export type ApiErrorCode = 'unauthorised' | 'bad-request' | 'unknown-format' | 'too-large' | 'busy' | 'unavailable'

const STATUS: Readonly<Record<ApiErrorCode, number>> = {
  unauthorised: 401,
  'bad-request': 400,
  'unknown-format': 422,
  'too-large': 413,
  busy: 429,
  unavailable: 503,
}

/** Seconds after which what is full or away may be asked again. */
const RETRY_AFTER = 2

/** Errors of ours as they are; of others, nothing that could tell of what is behind. */
export function sendError(error: unknown, reply: FastifyReply, log: TaggingLog): FastifyReply {
  if (error instanceof ApiError) {
    if (error.code === 'unauthorised') void reply.header('www-authenticate', 'Bearer')
    if (error.code === 'busy' || error.code === 'unavailable') void reply.header('retry-after', RETRY_AFTER)
    return reply.code(STATUS[error.code]).send({ error: error.code, message: error.message })
  }
  const status = statusOf(error)
  if (status >= 500) log.error({ error: describeError(error) }, 'a request failed')
  return reply.code(status).send({ error: status >= 500 ? 'failed' : 'bad-request', message: 'the request failed' })
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500
}
