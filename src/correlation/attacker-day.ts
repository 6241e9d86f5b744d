import { LeastItems } from '../collections/least-items.js'
import { HOUR } from './correlation-options.js'
import { byTime, type Login, loginSample } from './login.js'
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

export interface Kept<Item> {
  readonly items: readonly Item[]
  readonly isCut: boolean
}

export interface HourSnapshot {
  readonly start: number
  readonly isTold: boolean
  readonly logins: Kept<Login>
  readonly connections: Kept<Connection>
}

export interface DaySnapshot {
  readonly key: AttackerKey
  readonly deckyId: string | null
  readonly hours: readonly HourSnapshot[]
}

/** Connections of one attacker in one hour that are kept at most; an even sample of many. */
const MOST_CONNECTIONS = 256

/** Reckoned bytes; measured with `process.memoryUsage` and rounded up. */
const DAY_BYTES = 500
const HOUR_BYTES = 500
const ITEM_BYTES = 200

/** What one attacker did in one hour, beginning at `start`. */
export class AttackerHour {
  readonly start: number
  /** Whether the hour was told already. */
  isTold: boolean
  readonly logins: LeastItems<Login>
  readonly connections: LeastItems<Connection>

  constructor(start: number, kept?: HourSnapshot) {
    this.start = start
    this.isTold = kept?.isTold ?? false
    this.logins = loginSample(kept?.logins)
    this.connections = connectionSample(kept?.connections)
  }

  snapshot(): HourSnapshot {
    const { start, isTold, logins, connections } = this
    return { start, isTold, logins: keptOf(logins), connections: keptOf(connections) }
  }
}

function connectionSample(kept?: Kept<Connection>): LeastItems<Connection> {
  const compare = (one: Connection, other: Connection) => one.id - other.id || comparePlaces(one.place, other.place)
  return new LeastItems({ limit: MOST_CONNECTIONS, compare, isSame: (one, other) => one.id === other.id }, kept)
}

function keptOf<Item>({ items, isCut }: Kept<Item>): Kept<Item> {
  return { items, isCut }
}

/** What one attacker did on one day (UTC). Any order of the same events gives the same. */
export class AttackerDay {
  /** Begin of the day, in milliseconds since 1970. */
  readonly day: number
  readonly attackerUuid: string
  /** The decky that brought the attacker in, which the memory is charged to. */
  readonly deckyId: string | null
  readonly hours = new Map<number, AttackerHour>()
  /** Reckoned memory of the state. */
  bytes = DAY_BYTES

  constructor(key: AttackerKey, deckyId: string | null, hours: readonly HourSnapshot[] = []) {
    this.day = key.day
    this.attackerUuid = key.attackerUuid
    this.deckyId = deckyId
    for (const hour of hours) {
      this.hours.set(hour.start, new AttackerHour(hour.start, hour))
      this.bytes += HOUR_BYTES + ITEM_BYTES * (hour.logins.items.length + hour.connections.items.length)
    }
  }

  addLogin(login: Login): void {
    this.#hourOf(login.at).logins.add(login)
    this.bytes += ITEM_BYTES
  }

  addConnection(connection: Connection): void {
    this.#hourOf(connection.at).connections.add(connection)
    this.bytes += ITEM_BYTES
  }

  snapshot(): DaySnapshot {
    const { day, attackerUuid, deckyId } = this
    const hours = [...this.hours.values()].map((hour) => hour.snapshot())
    return { key: { day, attackerUuid }, deckyId, hours }
  }

  /** All hours in order. */
  hoursInOrder(): readonly AttackerHour[] {
    return [...this.hours.values()].sort((one, other) => one.start - other.start)
  }

  #hourOf(at: number): AttackerHour {
    const start = Math.floor(at / HOUR) * HOUR
    let hour = this.hours.get(start)
    if (hour === undefined) {
      hour = new AttackerHour(start)
      this.hours.set(start, hour)
      this.bytes += HOUR_BYTES
    }
    return hour
  }
}

/** All connections of some hours, in order. */
export function connectionsOf(hours: readonly AttackerHour[]): readonly Connection[] {
  return hours.flatMap((hour) => hour.connections.items).sort(byTime)
}
