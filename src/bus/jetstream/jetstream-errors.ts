import { JetStreamApiError } from '@nats-io/jetstream'
import { errors } from '@nats-io/transport-node'
import { BusError } from '../bus-error.js'

/** Numbers that a NATS server gives its refusals (`err_code`). */
export const API_CODE = {
  jetStreamNotEnabled: 10039,
  insufficientStorage: 10047,
  streamNameInUse: 10058,
  subjectsOverlap: 10065,
  streamFull: 10077,
  streamNotFound: 10059,
  consumerNotFound: 10014,
} as const

/** A server that is starting or choosing a leader answers so; it is worth another try. */
const UNAVAILABLE_STATUS = 503

export function apiCode(error: unknown): number | null {
  return error instanceof JetStreamApiError ? error.code : null
}

/** Why a server cannot be used at all. */
export function connectError(error: unknown, shown: string): BusError {
  if (error instanceof errors.AuthorizationError) {
    return new BusError('not-authorised', `the NATS server at ${shown} refuses these credentials`, {
      remedy: 'Put the user and password, or the token, into bus_url.',
      cause: error,
    })
  }
  return new BusError('unreachable', `no NATS server answers at ${shown}`, {
    remedy: 'Start it with `nats-server -js`, or correct bus_url.',
    cause: error,
  })
}

/** Why a server that answers has no JetStream for us. */
export function jetStreamError(error: unknown, shown: string): BusError {
  if (error instanceof errors.TimeoutError) return connectError(error, shown)
  return new BusError('jetstream-disabled', `the NATS server at ${shown} keeps no messages: JetStream is not enabled`, {
    remedy: 'Start it with `nats-server -js`, or enable JetStream for the account.',
    cause: error,
  })
}

/** The server's own refusal of a message, or null where another try may succeed. */
export function publishRefusal(error: unknown, subject: string): BusError | null {
  if (!(error instanceof JetStreamApiError)) return null
  if (error.code === API_CODE.streamFull || error.code === API_CODE.insufficientStorage) {
    return new BusError('stream-full', `the stream of ${subject} has no room left`, {
      remedy: 'Give the NATS server more storage, then publish the message again.',
      cause: error,
    })
  }
  if (error.status === UNAVAILABLE_STATUS) return null
  return new BusError('refused', `the NATS server refuses a message on ${subject}: ${error.message}`, {
    remedy: 'Compare the limits of the stream (`nats stream info`) with the message.',
    cause: error,
  })
}
