import { unambiguous } from '../events/unambiguous.js'
import { distinctInOrder, groupBy } from './bounded.js'
import { HOUR } from './correlation-options.js'
import { byNumber, byTime, EVENT_NUMBERS, type Login } from './login.js'
import type { Place } from './place.js'

/** A connection that was opened. */
export interface Connection {
  /** The first 52 bits of the event's id. */
  readonly id: number
  /** Event time in milliseconds since 1970. */
  readonly at: number
  readonly port: number | null
  readonly place: Place
}

/** Who did something, and on which day. */
export interface AttackerKey {
  /** Begin of the day, in milliseconds since 1970. */
  readonly day: number
  readonly attackerUuid: string
}

/** Some things of one hour, and how many there were in truth: an estimate where a sample stands for them. */
export interface Sample<Item> {
  readonly items: readonly Item[]
  readonly total: number
  /** Whether there were more than the sample has. */
  readonly isCut: boolean
}

/** Login attempts. Those that were let in are kept beside the sample, which is of the refused ones. */
export interface LoginSample extends Sample<Login> {
  readonly failures: number
}

/** What one attacker did in one hour. */
export interface AttackerHour {
  readonly start: number
  readonly logins: LoginSample
  readonly connections: Sample<Connection>
}

export interface DaySnapshot {
  readonly key: AttackerKey
  readonly deckyId: string | null
  readonly logins: readonly Login[]
  readonly connections: readonly Connection[]
}

/**
 * Logins and connections of one hour that are kept at most; of more an even sample, those with the least numbers, which
 * are spread evenly.
 */
const MOST_LOGINS = 1024
const MOST_CONNECTIONS = 256
/** Logins of one hour that were let in. */
const MOST_SUCCESSES = 256

/** Reckoned bytes; measured with `process.memoryUsage` and rounded up. A login is reckoned in its session, too. */
const DAY_BYTES = 500
const LOGIN_BYTES = 140
const CONNECTION_BYTES = 150

/** What one attacker did on one day (UTC). Any order of the same events gives the same. */
export class AttackerDay {
  readonly key: AttackerKey
  /** The decky that brought the attacker in, which the memory is charged to. */
  readonly deckyId: string | null
  #logins: Login[]
  #connections: Connection[]
  #cutLoginsAt = 2 * MOST_LOGINS
  #cutConnectionsAt = 2 * MOST_CONNECTIONS
  /** Reckoned memory of the state. */
  bytes = 0

  constructor(key: AttackerKey, deckyId: string | null, kept?: Pick<DaySnapshot, 'logins' | 'connections'>) {
    this.key = key
    this.deckyId = deckyId
    this.#logins = [...(kept?.logins ?? [])]
    this.#connections = [...(kept?.connections ?? [])]
    this.#reckon()
  }

  addLogin(login: Login): void {
    this.#logins.push(login)
    this.bytes += LOGIN_BYTES
    if (this.#logins.length < this.#cutLoginsAt) return
    this.#logins = boundedLogins(this.#logins)
    this.#cutLoginsAt = 2 * this.#logins.length + MOST_LOGINS
    this.#reckon()
  }

  addConnection(connection: Connection): void {
    this.#connections.push(connection)
    this.bytes += CONNECTION_BYTES
    if (this.#connections.length < this.#cutConnectionsAt) return
    this.#connections = boundedByHour(this.#connections, MOST_CONNECTIONS)
    this.#cutConnectionsAt = 2 * this.#connections.length + MOST_CONNECTIONS
    this.#reckon()
  }

  /** The hours of the day in which something happened, in order, from some time on and before another. */
  hours(from: number, to: number): readonly AttackerHour[] {
    const isWithin = ({ at }: { readonly at: number }) => at >= from && at < to
    const logins = mapHours(this.#logins.filter(isWithin), loginSample)
    const connections = mapHours(oncePerSession(this.#connections.filter(isWithin)), (items) =>
      sampleOf(items, MOST_CONNECTIONS),
    )
    const starts = [...new Set([...logins.keys(), ...connections.keys()])].sort((one, other) => one - other)
    return starts.map((start) => ({
      start,
      logins: logins.get(start) ?? NO_LOGINS,
      connections: connections.get(start) ?? NO_CONNECTIONS,
    }))
  }

  snapshot(): DaySnapshot {
    return {
      key: this.key,
      deckyId: this.deckyId,
      logins: boundedLogins(this.#logins),
      connections: boundedByHour(this.#connections, MOST_CONNECTIONS),
    }
  }

  #reckon(): void {
    this.bytes = DAY_BYTES + LOGIN_BYTES * this.#logins.length + CONNECTION_BYTES * this.#connections.length
  }
}

const NO_LOGINS: LoginSample = { items: [], total: 0, isCut: false, failures: 0 }
const NO_CONNECTIONS: Sample<Connection> = { items: [], total: 0, isCut: false }

interface Timed {
  readonly id: number
  readonly at: number
}

function boundedLogins(logins: readonly Login[]): Login[] {
  const [refused, letIn] = partition(logins)
  return [...boundedByHour(refused, MOST_LOGINS), ...boundedByHour(letIn, MOST_SUCCESSES)]
}

/** Of a connection that several lines tell of, as the packet and the service that it came to, the first. */
function oncePerSession(connections: readonly Connection[]): readonly Connection[] {
  const first = new Map<string, Connection>()
  const others: Connection[] = []
  for (const connection of connections) {
    const { sessionId, deckyId } = connection.place
    if (sessionId === null) others.push(connection)
    else {
      const name = unambiguous(deckyId) + unambiguous(sessionId)
      const known = first.get(name)
      if (known === undefined || byTime(connection, known) < 0) first.set(name, connection)
    }
  }
  return [...first.values(), ...others]
}

/** Keeps one item more than is used, which tells that there were more. */
function boundedByHour<Item extends Timed>(items: readonly Item[], most: number): Item[] {
  return [...groupBy(items, hourOf).values()].flatMap((group) => distinctInOrder(group, byNumber).slice(0, most + 1))
}

function mapHours<Item extends Timed, Answer>(
  items: readonly Item[],
  answer: (ofHour: readonly Item[]) => Answer,
): ReadonlyMap<number, Answer> {
  return new Map([...groupBy(items, hourOf)].map(([hour, group]) => [hour, answer(group)]))
}

function loginSample(logins: readonly Login[]): LoginSample {
  const [refused, letIn] = partition(logins)
  const failures = sampleOf(refused, MOST_LOGINS)
  const successes = sampleOf(letIn, MOST_SUCCESSES)
  const sample = joinSamples([failures, successes])
  return { ...sample, failures: failures.total }
}

function partition(logins: readonly Login[]): readonly [refused: Login[], letIn: Login[]] {
  const [refused, letIn]: [Login[], Login[]] = [[], []]
  for (const login of logins) (login.success ? letIn : refused).push(login)
  return [refused, letIn]
}

/** How many a sample stands for is told by the largest of the k least numbers (Bar-Yossef et al. 2002). */
function sampleOf<Item extends Timed>(items: readonly Item[], most: number): Sample<Item> {
  const distinct = distinctInOrder(items, byNumber)
  if (distinct.length <= most) return { items: distinct, total: distinct.length, isCut: false }
  const kept = distinct.slice(0, most)
  return { items: kept, total: Math.round(((most - 1) * EVENT_NUMBERS) / kept.at(-1)!.id), isCut: true }
}

function hourOf({ at }: Timed): number {
  return Math.floor(at / HOUR) * HOUR
}

/** Several samples as one. */
export function joinSamples<Item>(samples: readonly Sample<Item>[]): Sample<Item> {
  if (samples.length === 1) return samples[0]!
  return {
    items: samples.flatMap(({ items }) => items),
    total: samples.reduce((sum, { total }) => sum + total, 0),
    isCut: samples.some(({ isCut }) => isCut),
  }
}

/** The logins of several hours as one sample. */
export function joinLogins(hours: readonly Pick<AttackerHour, 'logins'>[]): LoginSample {
  if (hours.length === 1) return hours[0]!.logins
  const samples = hours.map(({ logins }) => logins)
  return { ...joinSamples(samples), failures: samples.reduce((sum, { failures }) => sum + failures, 0) }
}
