import { AttackerDay, type DaySnapshot } from './attacker-day.js'
import type { AttackerEvent } from './attacker-event.js'
import { DAY } from './correlation-options.js'
import type { Held } from './held.js'
import { eventNumber, type Login } from './login.js'
import type { MemoryLedger } from './memory-ledger.js'
import type { Place } from './place.js'

/** The days of attackers that have not been concluded. */
export class OpenDays {
  readonly #ledger: MemoryLedger<Held>
  readonly #days = new Map<number, Map<string, AttackerDay>>()

  constructor(ledger: MemoryLedger<Held>) {
    this.#ledger = ledger
  }

  addLogin(event: AttackerEvent, login: Login): void {
    this.#add(event, (attacker) => attacker.addLogin(login))
  }

  addConnection(event: AttackerEvent, place: Place): void {
    const { destination_port: port } = event.payload
    const at = event.observedAt.getTime()
    const connection = { id: eventNumber(event), at, port: typeof port === 'number' ? port : null, place }
    this.#add(event, (attacker) => attacker.addConnection(connection))
  }

  /** The begins of the days, in order. */
  starts(): readonly number[] {
    return [...this.#days.keys()].sort((one, other) => one - other)
  }

  /** Who did something on a day. */
  of(day: number): readonly AttackerDay[] {
    return [...(this.#days.get(day)?.values() ?? [])]
  }

  /** Takes out a whole day. */
  takeDay(day: number): readonly AttackerDay[] {
    const attackers = this.of(day)
    this.#days.delete(day)
    for (const attacker of attackers) this.#ledger.close(attacker.deckyId, attacker)
    return attackers
  }

  /** Takes out the day of one attacker. */
  take(attacker: AttackerDay): void {
    const { day, attackerUuid } = attacker.key
    this.#days.get(day)?.delete(attackerUuid)
    this.#ledger.close(attacker.deckyId, attacker)
  }

  snapshot(): readonly DaySnapshot[] {
    return this.starts().flatMap((day) => this.of(day).map((attacker) => attacker.snapshot()))
  }

  restore(days: readonly DaySnapshot[]): void {
    for (const { key, deckyId, logins, connections } of days) {
      this.#open(new AttackerDay(key, deckyId, { logins, connections }))
    }
  }

  #add(event: AttackerEvent, addTo: (attacker: AttackerDay) => void): void {
    const attacker = this.#attackerOf(event)
    const before = attacker.bytes
    addTo(attacker)
    this.#ledger.charge(attacker.deckyId, attacker.bytes - before)
  }

  #attackerOf({ attackerUuid, deckyId, observedAt }: AttackerEvent): AttackerDay {
    const day = Math.floor(observedAt.getTime() / DAY) * DAY
    return this.#days.get(day)?.get(attackerUuid) ?? this.#open(new AttackerDay({ day, attackerUuid }, deckyId))
  }

  #open(attacker: AttackerDay): AttackerDay {
    const { day, attackerUuid } = attacker.key
    let attackers = this.#days.get(day)
    if (attackers === undefined) {
      attackers = new Map()
      this.#days.set(day, attackers)
    }
    attackers.set(attackerUuid, attacker)
    this.#ledger.open(attacker.deckyId, attacker)
    return attacker
  }
}
