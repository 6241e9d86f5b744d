import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { BusError } from '../../bus/bus-error.js'
import type { EventIntake } from '../../intake/event-intake.js'
import { limitBytes, TooManyBytesError } from '../../intake/limit-bytes.js'
import { takePush } from '../../intake/take-push.js'
import { UnrecognisedFormatError } from '../../pipeline/unrecognised-format-error.js'
import { gunzipChunks } from '../../sources/gunzip-chunks.js'
import type { Database } from '../../storage/database.js'
import { DatabaseError } from '../../storage/database-error.js'
import { findSensor, type Sensor } from '../../storage/swarm/sensor-tokens.js'
import type { LogFormat } from '../../telemetry/decoder.js'
import { findLogFormat, logFormats } from '../../telemetry/formats.js'
import { ApiError } from '../errors.js'

/** Bytes of one push, as sent and as unpacked. */
const MOST_SENT = 256 << 20
const MOST_UNPACKED = 512 << 20
/** Pushes that are taken at once; of more, the later ones come again. */
const MOST_PUSHES = 32

export interface IngestParts {
  readonly intake: EventIntake
  readonly database: Database
}

/**
 * `POST /events`: the lines of a log, plain or gzip, with a sensor's token as bearer. Answers 202 when every event of them
 * is durable. A push may be repeated as a whole, whatever was answered.
 */
export async function ingestRoutes(api: FastifyInstance, { intake, database }: IngestParts) {
  let pushes = 0
  api.removeAllContentTypeParsers()
  api.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
  api.post<{ Querystring: { format?: unknown } }>('/events', { bodyLimit: MOST_SENT }, async (request, reply) => {
    const sensor = await authenticate(request, database)
    const format = chooseFormat(request.query.format, sensor)
    const chunks = unpack(request)
    if (pushes >= MOST_PUSHES) throw new ApiError('busy', 'too many pushes at once; come again in a moment')
    pushes++
    const hangUp = new AbortController()
    const onClose = () => hangUp.abort()
    reply.raw.once('close', onClose)
    try {
      const answer = await takePush({ chunks, sensor, format, intake, signal: hangUp.signal })
      return await reply.code(202).send(answer)
    } catch (error) {
      // Nobody is there to read it, and nothing is wrong here.
      if (hangUp.signal.aborted) throw new ApiError('bad-request', 'the client has hung up')
      throw asApiError(error)
    } finally {
      pushes--
      reply.raw.off('close', onClose)
    }
  })
}

async function authenticate({ headers }: FastifyRequest, database: Database): Promise<Sensor> {
  const token = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  if (token === undefined) throw new ApiError('unauthorised', 'send the token of a sensor: authorization: Bearer TOKEN')
  let sensor: Sensor | null
  try {
    sensor = await findSensor(database, token)
  } catch (error) {
    throw asApiError(error)
  }
  if (sensor === null) throw new ApiError('unauthorised', 'this token belongs to no sensor; was it revoked?')
  return sensor
}

/** The format of the token stands; without one, what was asked for, if any log may be in it. */
function chooseFormat(asked: unknown, { format }: Sensor): LogFormat | null {
  if (format !== null) {
    if (asked !== undefined && asked !== format) {
      throw new ApiError('bad-request', `this sensor sends ${format}, says its token`)
    }
    return findLogFormat(format)
  }
  if (asked === undefined || asked === 'auto') return null
  const found = logFormats.find(({ name }) => name === asked)
  if (found === undefined) {
    const known = logFormats.filter(({ privileged }) => !privileged).map(({ name }) => name)
    throw new ApiError('unknown-format', `no such format; there are ${known.join(', ')}`)
  }
  if (!found.privileged) return found
  throw new ApiError('bad-request', `the format ${found.name} is only taken from a sensor whose token names it`)
}

function unpack({ headers, body }: FastifyRequest): AsyncIterable<Buffer> {
  if (body === null || body === undefined) throw new ApiError('bad-request', 'there are no lines in the request')
  const sent = limitBytes(body as Readable, MOST_SENT)
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity') return sent
  if (encoding === 'gzip') return limitBytes(gunzipChunks(sent), MOST_UNPACKED)
  throw new ApiError('bad-request', 'content-encoding is gzip or nothing')
}

function asApiError(error: unknown): unknown {
  if (error instanceof TooManyBytesError) return new ApiError('too-large', error.message)
  if (error instanceof UnrecognisedFormatError) {
    return new ApiError('unknown-format', `${error.message} (name it with ?format=NAME)`)
  }
  if (error instanceof DatabaseError || error instanceof BusError) {
    return new ApiError('unavailable', 'the events cannot be kept just now; push them again')
  }
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
    return new ApiError('bad-request', 'the body is no gzip, or breaks off')
  }
  return error
}
