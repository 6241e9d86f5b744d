import { isConcluded } from '../events/concluded-event.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import { count } from '../observability/metrics.js'
import type { EventFields } from '../rules/event-fields.js'
import { AttackerDay, type AttackerHour, type DaySnapshot } from './attacker-day.js'
import { type CorrelationOptions, DAY, HOUR } from './correlation-options.js'
import { CredentialUse } from './credential-use.js'
import { DueTimes } from './due-times.js'
import { type ClockSnapshot, EventClock } from './event-clock.js'
import { identityEvent } from './identity-event.js'
import { IdentityMembership } from './identity-membership.js'
import { createLogin, eventNumber, type Login } from './login.js'
import { MemoryLedger } from './memory-ledger.js'
import { type Place, placeOf } from './place.js'
import { ProgramReader } from './programs.js'
import { SecretHash } from './secret-hash.js'
import { wholeSessionEvent } from './session-event.js'
import { type SessionKey, SessionState, type WholeSession } from './session-state.js'
import { type SessionStep, sessionStep } from './session-step.js'
import { dayEvents, hourEvents, loginsOf, sessionCredentialEvent } from './window-events.js'

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
  /** Events that came behind the watermark. */
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

/** What becomes of an event in its session. */
interface SessionEvent {
  readonly login: Login | null
  readonly place: Place
  readonly fields: EventFields
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
  #nextHour = Number.NEGATIVE_INFINITY
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
    if (at < this.#clock.watermark) {
      this.#late++
      count('ttp.correlation.late')
      return
    }
    const session = this.#sessionOf(event)
    const place = session?.placeOf(event) ?? placeOf(event, null)
    const login = this.#addToAttacker(event, at, place)
    if (session !== null) this.#addToSession(session, event, { login, place, fields })
    this.#clock.see(event.deckyId ?? '', at)
    this.#conclude(this.#clock.watermark, onConclusion)
    if (this.#ledger.isOver) this.#evict(onConclusion)
  }

  /** Lets event time pass where no events come. */
  advanceBy(milliseconds: number, onConclusion: OnConclusion): void {
    this.#clock.advanceBy(milliseconds)
    this.#conclude(this.#clock.watermark, onConclusion)
  }

  /** Concludes everything that is held: no more events will come. */
  finish(onConclusion: OnConclusion): void {
    for (const session of [...this.#sessions.values()]) this.#finishSession(session, onConclusion)
    for (const day of [...this.#days.keys()].sort((one, other) => one - other)) this.#finishDay(day, onConclusion)
  }

  snapshot(): CorrelationSnapshot {
    return {
      version: 1,
      keyId: this.#secrets.keyId,
      clock: this.#clock.snapshot(),
      losses: this.losses,
      sessions: [...this.#sessions.values()].map((session) => ({ key: session.key, steps: session.steps() })),
      attackers: [...this.#days.values()].flatMap((day) => [...day.values()].map((attacker) => attacker.snapshot())),
    }
  }

  #goOnFrom({ version, keyId, losses, sessions, attackers }: CorrelationSnapshot): void {
    if (version !== 1) throw new SnapshotError(`a snapshot of version ${version} cannot be read; this release writes 1`)
    if (keyId !== this.#secrets.keyId) throw new SnapshotError('the snapshot was made with another key')
    this.#late = losses.late
    this.#evicted = losses.evicted
    for (const { key, steps } of sessions) this.#openSession(new SessionState(key, steps))
    for (const { key, deckyId, hours } of attackers) this.#openDay(new AttackerDay(key, deckyId, hours))
    if (this.#clock.watermark > Number.NEGATIVE_INFINITY) this.#nextHour = this.#hourAfter(this.#clock.watermark)
  }

  #addToAttacker(event: TaggerEvent, at: number, place: Place): Login | null {
    const { attackerUuid, sourceKind, payload } = event
    const login = sourceKind === 'auth_attempt' ? createLogin(event, place, this.#secrets) : null
    const isConnection = sourceKind === 'session' && payload.phase === 'opened'
    if (attackerUuid === null || (login === null && !isConnection)) return login
    const attacker = this.#attackerDay(event, attackerUuid, at)
    const before = attacker.bytes
    if (login !== null) attacker.addLogin(login)
    else {
      const { destination_port: port } = payload
      attacker.addConnection({ id: eventNumber(event), at, port: typeof port === 'number' ? port : null, place })
    }
    this.#ledger.charge(attacker.deckyId, attacker.bytes - before)
    return login
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
    let attackers = this.#days.get(attacker.day)
    if (attackers === undefined) {
      attackers = new Map()
      this.#days.set(attacker.day, attackers)
    }
    attackers.set(attacker.attackerUuid, attacker)
    this.#ledger.open(attacker.deckyId, attacker)
  }

  /** The session that an event belongs to, open or about to be; null for an event without one. */
  #sessionOf({ sessionId, deckyId, attackerUuid }: TaggerEvent): SessionState | null {
    if (sessionId === null) return null
    const known = this.#sessions.get(sessionName(sessionId, deckyId, attackerUuid))
    return known ?? new SessionState({ sessionId, deckyId, attackerUuid })
  }

  #addToSession(session: SessionState, event: TaggerEvent, { login, place, fields }: SessionEvent): void {
    if (login === null && event.sourceKind === 'auth_attempt') return
    const step = sessionStep(event, { login, place }, { fields, programs: this.#programs })
    const isNew = session.isEmpty
    const before = session.bytes
    session.add(step)
    if (isNew) this.#openSession(session)
    else {
      this.#ledger.charge(session.key.deckyId, session.bytes - before)
      // An end that is told comes before the gap that the session was to end with.
      if (step.kind === 'closing') this.#awaitEnd(session)
    }
  }

  #openSession(session: SessionState): void {
    const { sessionId, deckyId, attackerUuid } = session.key
    this.#sessions.set(sessionName(sessionId, deckyId, attackerUuid), session)
    this.#ledger.open(deckyId, session)
    this.#awaitEnd(session)
  }

  #awaitEnd(session: SessionState): void {
    if (this.#options.horizon < Number.POSITIVE_INFINITY) this.#dueSessions.add(session, session.due(this.#options))
  }

  #conclude(watermark: number, onConclusion: OnConclusion): void {
    if (watermark === Number.NEGATIVE_INFINITY) return
    for (const session of this.#dueSessions.takeUntil(watermark)) this.#lookAtSession(session, watermark, onConclusion)
    if (watermark < this.#nextHour) return
    this.#nextHour = this.#hourAfter(watermark)
    for (const day of [...this.#days.keys()].sort((one, other) => one - other)) {
      if (day + DAY <= watermark) this.#finishDay(day, onConclusion)
      else this.#tellHours(day, watermark, onConclusion)
    }
  }

  #hourAfter(time: number): number {
    return (Math.floor(time / HOUR) + 1) * HOUR
  }

  #lookAtSession(session: SessionState, watermark: number, onConclusion: OnConclusion): void {
    const { sessionId, deckyId, attackerUuid } = session.key
    const name = sessionName(sessionId, deckyId, attackerUuid)
    if (this.#sessions.get(name) !== session) return
    const before = session.bytes
    for (const whole of session.takeFinished(watermark, this.#options)) tellSession(whole, onConclusion)
    this.#ledger.charge(deckyId, session.bytes - before)
    if (session.isEmpty) this.#closeSession(name, session)
    else this.#awaitEnd(session)
  }

  #finishSession(session: SessionState, onConclusion: OnConclusion): void {
    const { sessionId, deckyId, attackerUuid } = session.key
    this.#closeSession(sessionName(sessionId, deckyId, attackerUuid), session)
    for (const whole of session.takeFinished(Number.POSITIVE_INFINITY, this.#options)) tellSession(whole, onConclusion)
  }

  #closeSession(name: string, session: SessionState): void {
    this.#sessions.delete(name)
    this.#ledger.close(session.key.deckyId, session)
  }

  #tellHours(day: number, watermark: number, onConclusion: OnConclusion): void {
    for (const attacker of this.#days.get(day)!.values()) {
      for (const hour of attacker.hours.values()) {
        if (!hour.isTold && hour.start + HOUR <= watermark) tellHour(attacker, hour, onConclusion)
      }
    }
  }

  #finishDay(day: number, onConclusion: OnConclusion): void {
    const attackers = this.#days.get(day)!
    this.#days.delete(day)
    const use = new CredentialUse()
    for (const attacker of attackers.values()) use.add(attacker.attackerUuid, loginsOf(attacker).items)
    for (const attacker of attackers.values()) {
      this.#ledger.close(attacker.deckyId, attacker)
      tellDay(attacker, use, onConclusion)
    }
    for (const [identity, members] of this.#membersOf(attackers.values())) {
      const event = identityEvent(identity, members)
      if (event !== null) onConclusion(event)
    }
  }

  #membersOf(attackers: Iterable<AttackerDay>): ReadonlyMap<string, readonly AttackerDay[]> {
    const members = new Map<string, AttackerDay[]>()
    if (this.membership.size === 0) return members
    for (const attacker of attackers) {
      const identity = this.membership.identityOf(attacker.attackerUuid)
      if (identity === null) continue
      const known = members.get(identity)
      if (known === undefined) members.set(identity, [attacker])
      else known.push(attacker)
    }
    return members
  }

  /** Concludes the oldest of what a flood brought, with what is known by now: less than the truth, never more. */
  #evict(onConclusion: OnConclusion): void {
    while (this.#ledger.isOver) {
      const holding = this.#ledger.first()
      if (holding === undefined) return
      this.#evicted++
      count('ttp.correlation.evicted')
      if (holding instanceof SessionState) this.#finishSession(holding, onConclusion)
      else this.#evictDay(holding, onConclusion)
    }
  }

  #evictDay(attacker: AttackerDay, onConclusion: OnConclusion): void {
    this.#ledger.close(attacker.deckyId, attacker)
    this.#days.get(attacker.day)?.delete(attacker.attackerUuid)
    const use = new CredentialUse()
    use.add(attacker.attackerUuid, loginsOf(attacker).items)
    tellDay(attacker, use, onConclusion)
  }
}

function sessionName(sessionId: string, deckyId: string | null, attackerUuid: string | null): string {
  return `${attackerUuid} ${sessionId} ${deckyId}`
}

function tellSession(whole: WholeSession, onConclusion: OnConclusion): void {
  const event = wholeSessionEvent(whole)
  onConclusion(event)
  const logins = whole.steps.filter((step) => step.kind === 'login').map(({ login }) => login)
  const credential = sessionCredentialEvent(event, logins)
  if (credential !== null) onConclusion(credential)
}

function tellHour(attacker: AttackerDay, hour: AttackerHour, onConclusion: OnConclusion): void {
  hour.isTold = true
  for (const event of hourEvents(attacker, hour)) onConclusion(event)
}

function tellDay(attacker: AttackerDay, use: CredentialUse, onConclusion: OnConclusion): void {
  for (const hour of attacker.hoursInOrder()) if (!hour.isTold) tellHour(attacker, hour, onConclusion)
  for (const event of dayEvents(attacker, use)) onConclusion(event)
}
