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
  const { username, success, method } = event.payload
  if (method === 'publickey' && success !== true) return null
  const account = secrets.account(typeof username === 'string' ? username : '')
  const { password_hash: secret, default_pair_id: defaultPair } = loginSecret(event.payload, secrets)
  return {
    kind: 'login',
    id: eventNumber(event),
    at: event.observedAt.getTime(),
    account,
    isNamed: typeof username === 'string',
    password: secret,
    pair: secret === null ? null : pairOf(account, secret),
    success: success === true,
    defaultPairId: defaultPair,
    place,
  }
}

/** What may be kept of the password of a login attempt: fields that stand for it in the payload of a kept event. */
export interface LoginSecret {
  /** By the key of the swarm; null where no password is known, or a key was used. */
  readonly password_hash: number | null
  /** Which pair of user name and password that everybody knows it is, if any. */
  readonly default_pair_id: string | null
}

/** The same for the payload of an event as it came and as it was kept, if one key hashed both. */
export function loginSecret(payload: TaggerEvent['payload'], secrets: SecretHash): LoginSecret {
  const { username, password, password_hash: hash, default_pair_id: pair, method } = payload
  if (method === 'publickey') return NO_SECRET
  if (typeof password === 'string') {
    const name = typeof username === 'string' ? username : ''
    return { password_hash: secrets.password(password), default_pair_id: defaultPairId(name, password) }
  }
  if (!Number.isSafeInteger(hash)) return NO_SECRET
  return { password_hash: hash as number, default_pair_id: typeof pair === 'string' ? pair : null }
}

const NO_SECRET: LoginSecret = { password_hash: null, default_pair_id: null }

/** In the order of time; equal times by number. */
export function byTime(one: Pick<Login, 'at' | 'id'>, other: Pick<Login, 'at' | 'id'>): number {
  return one.at - other.at || one.id - other.id
}

/** By number, which spreads evenly. */
export function byNumber(one: Pick<Login, 'id'>, other: Pick<Login, 'id'>): number {
  return one.id - other.id || byContent(one, other)
}
