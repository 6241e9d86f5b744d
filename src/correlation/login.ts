import { hashText } from '../collections/text-hash.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import { byContent } from './bounded.js'
import { defaultPairId } from './default-credentials.js'
import type { Place } from './place.js'
import { pairOf, type SecretHash } from './secret-hash.js'

/** One login attempt, without anything secret in it. */
export interface Login {
  readonly kind: 'login'
  /** The first 52 bits of the event's id. */
  readonly id: number
  /** Event time in milliseconds since 1970. */
  readonly at: number
  readonly account: number
  /** Whether the log tells the user name. Where it does not, a success is a guess of whoever watched the connection. */
  readonly isNamed: boolean
  /** Null where no password is known, or a key was used. */
  readonly password: number | null
  readonly pair: number | null
  readonly success: boolean
  readonly defaultPairId: string | null
  readonly place: Place
}

/** Where a UUID tells its version; 5 is the digest of a name. */
const VERSION = 14

/** The number that stands for an event: identical events have the same. */
export function eventNumber(event: TaggerEvent): number {
  const { sourceId } = event
  // Ids that somebody else gave may count up, or begin with a time.
  if (sourceId[VERSION] !== '5') return hashText(sourceId) % EVENT_NUMBERS
  // The version digit of a UUID says nothing; the digits before it make up 48 bits, the next one four more.
  return Number.parseInt(sourceId.slice(0, 8) + sourceId.slice(9, 13) + sourceId.slice(15, 16), 16)
}

/** Numbers of events are spread evenly from 0 to here. */
export const EVENT_NUMBERS = 2 ** 52

/** The login that an event tells of; null for a key that was offered and refused, as clients do by themselves. */
export function createLogin(event: TaggerEvent, place: Place, secrets: SecretHash): Login | null {
  const { username, password, success, method } = event.payload
  if (method === 'publickey' && success !== true) return null
  const name = typeof username === 'string' ? username : ''
  const account = secrets.account(name)
  const hasPassword = typeof password === 'string' && method !== 'publickey'
  const secret = hasPassword ? secrets.password(password) : null
  return {
    kind: 'login',
    id: eventNumber(event),
    at: event.observedAt.getTime(),
    account,
    isNamed: typeof username === 'string',
    password: secret,
    pair: secret === null ? null : pairOf(account, secret),
    success: success === true,
    defaultPairId: hasPassword ? defaultPairId(name, password) : null,
    place,
  }
}

/** In the order of time; equal times by number. */
export function byTime(one: Pick<Login, 'at' | 'id'>, other: Pick<Login, 'at' | 'id'>): number {
  return one.at - other.at || one.id - other.id
}

/** By number, which spreads evenly. */
export function byNumber(one: Pick<Login, 'id'>, other: Pick<Login, 'id'>): number {
  return one.id - other.id || byContent(one, other)
}
