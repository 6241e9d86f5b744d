import { distinctInOrder, groupBy } from './bounded.js'
import { HOUR } from './correlation-options.js'
import { byNumber, EVENT_NUMBERS, type Login } from './login.js'
import { comparePlaces, type Place } from './place.js'

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
}

/** What one attacker did in one hour. */
export interface AttackerHour {
  readonly start: number
  readonly logins: Sample<Login>
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
    this.#logins = boundedByHour(this.#logins, MOST_LOGINS, byNumber)
    this.#cutLoginsAt = 2 * this.#logins.length + MOST_LOGINS
    this.#reckon()
  }

  addConnection(connection: Connection): void {
    this.#connections.push(connection)
    this.bytes += CONNECTION_BYTES
    if (this.#connections.length < this.#cutConnectionsAt) return
    this.#connections = boundedByHour(this.#connections, MOST_CONNECTIONS, byNumberAndPlace)
    this.#cutConnectionsAt = 2 * this.#connections.length + MOST_CONNECTIONS
    this.#reckon()
  }

  /** The hours of the day in which something happened, in order, from some time on and before another. */
  hours(from: number, to: number): readonly AttackerHour[] {
    const isWithin = ({ at }: { readonly at: number }) => at >= from && at < to
    const logins = samplesByHour(this.#logins.filter(isWithin), MOST_LOGINS, byNumber)
    const connections = samplesByHour(this.#connections.filter(isWithin), MOST_CONNECTIONS, byNumberAndPlace)
    const starts = [...new Set([...logins.keys(), ...connections.keys()])].sort((one, other) => one - other)
    return starts.map((start) => ({
      start,
      logins: logins.get(start) ?? NOTHING,
      connections: connections.get(start) ?? NOTHING,
    }))
  }

  snapshot(): DaySnapshot {
    return {
      key: this.key,
      deckyId: this.deckyId,
      logins: boundedByHour(this.#logins, MOST_LOGINS, byNumber),
      connections: boundedByHour(this.#connections, MOST_CONNECTIONS, byNumberAndPlace),
    }
  }

  #reckon(): void {
    this.bytes = DAY_BYTES + LOGIN_BYTES * this.#logins.length + CONNECTION_BYTES * this.#connections.length
  }
}

const NOTHING = { items: [], total: 0 }

function byNumberAndPlace(one: Connection, other: Connection): number {
  return one.id - other.id || comparePlaces(one.place, other.place)
}

interface Timed {
  readonly id: number
  readonly at: number
}

type Compare<Item> = (one: Item, other: Item) => number

/** Keeps one item more than is used, which tells that there were more. */
function boundedByHour<Item extends Timed>(items: readonly Item[], most: number, compare: Compare<Item>): Item[] {
  return [...groupBy(items, hourOf).values()].flatMap((group) => distinctInOrder(group, compare).slice(0, most + 1))
}

function samplesByHour<Item extends Timed>(
  items: readonly Item[],
  most: number,
  compare: Compare<Item>,
): ReadonlyMap<number, Sample<Item>> {
  const hours = [...groupBy(items, hourOf)]
  return new Map(hours.map(([hour, group]) => [hour, sampleOf(distinctInOrder(group, compare), most)]))
}

/** How many a sample stands for is told by the largest of the k least numbers (Bar-Yossef et al. 2002). */
function sampleOf<Item extends Timed>(items: readonly Item[], most: number): Sample<Item> {
  if (items.length <= most) return { items, total: items.length }
  const kept = items.slice(0, most)
  return { items: kept, total: Math.round(((most - 1) * EVENT_NUMBERS) / kept.at(-1)!.id) }
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
  }
}
