import { isConcluded } from '../events/concluded-event.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import { unambiguous } from '../events/unambiguous.js'
import { count } from '../observability/metrics.js'
import type { EventFields } from '../rules/event-fields.js'
import { AttackerDay, type DaySnapshot, joinLogins } from './attacker-day.js'
import { type CorrelationOptions, DAY, HOUR } from './correlation-options.js'
import { CredentialUse } from './credential-use.js'
import { DueTimes } from './due-times.js'
import { type ClockSnapshot, EventClock } from './event-clock.js'
import { identityEvent, type MemberDay } from './identity-event.js'
import { IdentityMembership } from './identity-membership.js'
import { createLogin, eventNumber, type Login } from './login.js'
import { MemoryLedger } from './memory-ledger.js'
import { type Place, placeOf } from './place.js'
import { ProgramReader } from './programs.js'
import { SecretHash } from './secret-hash.js'
import { wholeSessionEvent } from './session-event.js'
import { type SessionKey, SessionState, type WholeSession } from './session-state.js'
import { type SessionStep, sessionStep } from './session-step.js'
import { dayEvents, hourEvents, sessionCredentialEvent } from './window-events.js'

/** Source kinds whose events are correlated. */
export const CORRELATED_KINDS: ReadonlySet<string> = new Set([
  'auth_attempt',
  'command',
  'payload',
  'service_op',
  'session',
])

/** Takes an event that was concluded. */
export type OnConclusion = (event: TaggerEvent) => void

/** What a correlator did not take into account, and why. */
export interface CorrelationLosses {
  /** Events that came behind what was concluded already. */
  readonly late: number
  /** Sessions and days of attackers that were concluded before their time, since memory was short. */
  readonly evicted: number
}

/** The state of a correlator as plain data, fit for JSON. It holds no secret, only keyed hashes. */
export interface CorrelationSnapshot {
  readonly version: 1
  /** Tells by which key secrets were hashed. */
  readonly keyId: string
  readonly clock: ClockSnapshot
  /** Up to where everything that ended was concluded, in milliseconds since 1970; null if nothing was. */
  readonly concludedUntil: number | null
  /** Days of which something was told already. */
  readonly toldDays: readonly number[]
  readonly losses: CorrelationLosses
  readonly sessions: readonly { readonly key: SessionKey; readonly steps: readonly SessionStep[] }[]
  readonly attackers: readonly DaySnapshot[]
}

/** A snapshot that cannot be gone on from. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError'
}

export interface CorrelatorParts {
  readonly options: CorrelationOptions
  /** Key that secrets are hashed with; a new one where it is left out. A snapshot needs the key that it was made with. */
  readonly secretKey?: string
  readonly membership?: IdentityMembership
  /** What to go on from. */
  readonly snapshot?: CorrelationSnapshot
}

type Holding = SessionState | AttackerDay

/**
 * Keeps bounded state of what single events cannot show, by the time that the events tell, and concludes events from it:
 * whole sessions, what attackers do with credentials and connections, what identities do.
 *
 * The same events give the same conclusions: in any order within the horizon, any of them any number of times, and with a
 * snapshot taken and gone on from at any point, as long as nothing was late or evicted.
 */
export class Correlator {
  readonly membership: IdentityMembership
  readonly #options: CorrelationOptions
  readonly #clock: EventClock
  readonly #secrets: SecretHash
  readonly #programs = new ProgramReader()
  readonly #sessions = new Map<string, SessionState>()
  readonly #dueSessions = new DueTimes<SessionState>()
  readonly #days = new Map<number, Map<string, AttackerDay>>()
  readonly #ledger: MemoryLedger<Holding>
  /** Days of which something was told already, all or in part: nobody knows all that happened on them any more. */
  readonly #toldDays = new Set<number>()
  #concludedUntil = Number.NEGATIVE_INFINITY
  #late = 0
  #evicted = 0

  /** @throws SnapshotError where the snapshot is of another version or was made with another key */
  constructor({ options, secretKey, membership = new IdentityMembership(), snapshot }: CorrelatorParts) {
    this.membership = membership
    this.#options = options
    this.#secrets = new SecretHash(secretKey)
    this.#ledger = new MemoryLedger(options.memory)
    this.#clock = new EventClock(options, snapshot?.clock)
    if (snapshot !== undefined) this.#goOnFrom(snapshot)
  }

  get losses(): CorrelationLosses {
    return { late: this.#late, evicted: this.#evicted }
  }

  /** Reckoned memory of the state in bytes; never above the cap after `observe`. */
  get bytes(): number {
    return this.#ledger.bytes
  }

  /** Takes an event of telemetry, with its fields as rules see them, and tells what can be concluded since. */
  observe(event: TaggerEvent, fields: EventFields, onConclusion: OnConclusion): void {
    if (!CORRELATED_KINDS.has(event.sourceKind) || isConcluded(event)) return
    const at = event.observedAt.getTime()
    // What belongs to nobody in particular says nothing together.
    if (event.attackerUuid === null) return
    if (at < this.#concludedUntil) {
      this.#late++
      count('ttp.correlation.late')
      return
    }
    this.#take(event, at, fields)
    this.#clock.see(event.deckyId ?? '', at)
    if (this.#options.concludes === 'horizon') this.#conclude(this.#clock.watermark, onConclusion)
    if (this.#ledger.isOver) this.#makeRoom(onConclusion)
  }

  /** Lets event time pass where no events come. */
  advanceBy(milliseconds: number, onConclusion: OnConclusion): void {
    this.#clock.advanceBy(milliseconds)
    if (this.#options.concludes === 'horizon') this.#conclude(this.#clock.watermark, onConclusion)
  }

  /** Concludes everything that is held: no more events will come. */
  finish(onConclusion: OnConclusion): void {
    for (const session of [...this.#sessions.values()]) this.#finishSession(session, onConclusion)
    for (const day of this.#daysInOrder()) this.#finishDay(day, onConclusion)
  }

  snapshot(): CorrelationSnapshot {
    return {
      version: 1,
      keyId: this.#secrets.keyId,
      clock: this.#clock.snapshot(),
      concludedUntil: Number.isFinite(this.#concludedUntil) ? this.#concludedUntil : null,
      toldDays: [...this.#toldDays],
      losses: this.losses,
      sessions: [...this.#sessions.values()].map((session) => ({ key: session.key, steps: session.steps() })),
      attackers: [...this.#days.values()].flatMap((day) => [...day.values()].map((attacker) => attacker.snapshot())),
    }
  }

  #goOnFrom({ version, keyId, concludedUntil, toldDays, losses, sessions, attackers }: CorrelationSnapshot): void {
    if (version !== 1) throw new SnapshotError(`a snapshot of version ${version} cannot be read; this release writes 1`)
    if (keyId !== this.#secrets.keyId) throw new SnapshotError('the snapshot was made with another key')
    this.#concludedUntil = concludedUntil ?? Number.NEGATIVE_INFINITY
    for (const day of toldDays) this.#toldDays.add(day)
    this.#late = losses.late
    this.#evicted = losses.evicted
    for (const { key, steps } of sessions) this.#openSession(new SessionState(key, steps))
    for (const { key, deckyId, logins, connections } of attackers) {
      this.#openDay(new AttackerDay(key, deckyId, { logins, connections }))
    }
  }

  #take(event: TaggerEvent, at: number, fields: EventFields): void {
    const session = this.#sessionOf(event)
    const place = session?.placeOf(event) ?? placeOf(event, null)
    if (event.sourceKind === 'auth_attempt') {
      const login = createLogin(event, place, this.#secrets)
      if (login === null) return
      this.#addToAttacker(event, at, login)
      if (session !== null) this.#addToSession(session, login)
      return
    }
    if (event.sourceKind === 'session' && event.payload.phase === 'opened') this.#addToAttacker(event, at, place)
    if (session !== null) this.#addToSession(session, sessionStep(event, place, { fields, programs: this.#programs }))
  }

  #addToAttacker(event: TaggerEvent, at: number, what: Login | Place): void {
    const { attackerUuid } = event
    if (attackerUuid === null) return
    const attacker = this.#attackerDay(event, attackerUuid, at)
    const before = attacker.bytes
    if ('kind' in what) attacker.addLogin(what)
    else {
      const { destination_port: port } = event.payload
      const connection = { id: eventNumber(event), at, port: typeof port === 'number' ? port : null, place: what }
      attacker.addConnection(connection)
    }
    this.#ledger.charge(attacker.deckyId, attacker.bytes - before)
  }

  #attackerDay(event: TaggerEvent, attackerUuid: string, at: number): AttackerDay {
    const day = Math.floor(at / DAY) * DAY
    const known = this.#days.get(day)?.get(attackerUuid)
    if (known !== undefined) return known
    const attacker = new AttackerDay({ day, attackerUuid }, event.deckyId)
    this.#openDay(attacker)
    return attacker
  }

  #openDay(attacker: AttackerDay): void {
    const { day, attackerUuid } = attacker.key
    let attackers = this.#days.get(day)
    if (attackers === undefined) {
      attackers = new Map()
      this.#days.set(day, attackers)
    }
    attackers.set(attackerUuid, attacker)
    this.#ledger.open(attacker.deckyId, attacker)
  }

  /** The session that an event belongs to, open or about to be; null for an event without one. */
  #sessionOf({ sessionId, deckyId, attackerUuid }: TaggerEvent): SessionState | null {
    if (sessionId === null) return null
    const known = this.#sessions.get(sessionName({ sessionId, deckyId, attackerUuid }))
    return known ?? new SessionState({ sessionId, deckyId, attackerUuid })
  }

  #addToSession(session: SessionState, step: SessionStep): void {
    const isNew = session.isEmpty
    const before = session.bytes
    session.add(step)
    if (isNew) this.#openSession(session)
    else {
      this.#ledger.charge(session.key.deckyId, session.bytes - before)
      // An end that is told comes before the gap that the session was to end with.
      if (step.kind === 'closing') this.#dueSessions.add(session, step.at + this.#options.sessionGrace + 1)
    }
  }

  #openSession(session: SessionState): void {
    this.#sessions.set(sessionName(session.key), session)
    this.#ledger.open(session.key.deckyId, session)
    this.#dueSessions.add(session, session.due(this.#options))
  }

  /** Concludes what ended up to a time; nothing of it will be taken any more. */
  #conclude(until: number, onConclusion: OnConclusion): void {
    const since = this.#concludedUntil
    if (until <= since) return
    this.#concludedUntil = until
    for (const session of this.#dueSessions.takeUntil(until)) this.#lookAtSession(session, onConclusion)
    if (Math.floor(until / HOUR) === Math.floor(since / HOUR)) return
    for (const day of this.#daysInOrder()) {
      if (day + DAY <= until) this.#finishDay(day, onConclusion, toldUntil(since))
      else this.#tellHours(day, toldUntil(since), onConclusion)
    }
  }

  #daysInOrder(): readonly number[] {
    return [...this.#days.keys()].sort((one, other) => one - other)
  }

  #lookAtSession(session: SessionState, onConclusion: OnConclusion): void {
    const before = session.bytes
    const finished = session.takeFinished(this.#concludedUntil, this.#options)
    this.#ledger.charge(session.key.deckyId, session.bytes - before)
    if (session.isEmpty) this.#closeSession(session)
    else this.#dueSessions.add(session, session.due(this.#options))
    for (const whole of finished) tellSession(whole, onConclusion)
  }

  #finishSession(session: SessionState, onConclusion: OnConclusion): void {
    this.#closeSession(session)
    for (const whole of session.takeFinished(Number.POSITIVE_INFINITY, this.#options)) tellSession(whole, onConclusion)
  }

  #closeSession(session: SessionState): void {
    this.#sessions.delete(sessionName(session.key))
    this.#dueSessions.delete(session)
    this.#ledger.close(session.key.deckyId, session)
  }

  #tellHours(day: number, since: number, onConclusion: OnConclusion): void {
    for (const attacker of this.#days.get(day)!.values()) {
      for (const hour of attacker.hours(since, toldUntil(this.#concludedUntil))) {
        for (const event of hourEvents(attacker.key, hour)) onConclusion(event)
      }
    }
  }

  #finishDay(day: number, onConclusion: OnConclusion, since = toldUntil(this.#concludedUntil)): void {
    const attackers = [...this.#days.get(day)!.values()]
    this.#days.delete(day)
    const days = attackers.map((attacker) => ({ attacker, hours: attacker.hours(day, day + DAY) }))
    const members = days.map(({ attacker, hours }) => ({
      key: attacker.key,
      logins: joinLogins(hours),
    }))
    const use = this.#toldDays.has(day) ? null : new CredentialUse()
    for (const { key, logins } of members) use?.add(key.attackerUuid, logins.items)
    this.#toldDays.add(day)
    for (const { attacker, hours } of days) {
      this.#ledger.close(attacker.deckyId, attacker)
      for (const hour of hours) {
        if (hour.start >= since) for (const event of hourEvents(attacker.key, hour)) onConclusion(event)
      }
      for (const event of dayEvents(attacker.key, hours, use)) onConclusion(event)
    }
    this.#tellIdentities(members, onConclusion)
  }

  #tellIdentities(days: readonly MemberDay[], onConclusion: OnConclusion): void {
    if (this.membership.size === 0) return
    const members = new Map<string, MemberDay[]>()
    for (const day of days) {
      const identity = this.membership.identityOf(day.key.attackerUuid)
      if (identity === null) continue
      const known = members.get(identity)
      if (known === undefined) members.set(identity, [day])
      else known.push(day)
    }
    for (const [identity, of] of members) {
      const event = identityEvent(identity, of)
      if (event !== null) onConclusion(event)
    }
  }

  /**
   * Lets go of the oldest of what holds most, with what is known of it by now: less than the truth, never more. What is
   * over by then, as far as the events tell, loses nothing by it.
   */
  #makeRoom(onConclusion: OnConclusion): void {
    const enough = this.#options.memory * SHARE_KEPT
    while (this.#ledger.bytes > enough) {
      const holding = this.#ledger.first()
      if (holding === undefined) return
      if (holding instanceof SessionState) {
        if (holding.due(this.#options) > this.#clock.watermark) this.#countEviction()
        this.#finishSession(holding, onConclusion)
      } else if (holding.key.day + DAY <= this.#clock.watermark && !this.#toldDays.has(holding.key.day)) {
        this.#finishDay(holding.key.day, onConclusion)
      } else this.#evictDay(holding, onConclusion)
    }
  }

  #countEviction(): void {
    this.#evicted++
    count('ttp.correlation.evicted')
  }

  #evictDay(attacker: AttackerDay, onConclusion: OnConclusion): void {
    const { day, attackerUuid } = attacker.key
    this.#countEviction()
    this.#toldDays.add(day)
    this.#ledger.close(attacker.deckyId, attacker)
    this.#days.get(day)?.delete(attackerUuid)
    const hours = attacker.hours(day, day + DAY)
    for (const hour of hours) {
      if (hour.start < toldUntil(this.#concludedUntil)) continue
      for (const event of hourEvents(attacker.key, hour, true)) onConclusion(event)
    }
    for (const event of dayEvents(attacker.key, hours, null)) onConclusion(event)
  }
}

/** The share of its memory that a correlator keeps when it makes room, so that it need not do so for each event. */
const SHARE_KEPT = 7 / 8

/** Hours that begin before it have been told, once everything up to a time was concluded. */
function toldUntil(concludedUntil: number): number {
  return Math.floor(concludedUntil / HOUR) * HOUR
}

function sessionName({ sessionId, deckyId, attackerUuid }: SessionKey): string {
  return unambiguous(attackerUuid) + unambiguous(sessionId) + unambiguous(deckyId)
}

function tellSession(whole: WholeSession, onConclusion: OnConclusion): void {
  const event = wholeSessionEvent(whole)
  onConclusion(event)
  const credential = sessionCredentialEvent(
    event,
    whole.steps.filter((step) => step.kind === 'login'),
  )
  if (credential !== null) onConclusion(credential)
}
