import { isConcluded } from '../events/concluded-event.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import { type Geography, NO_GEOGRAPHY } from '../geography/geography.js'
import { count } from '../observability/metrics.js'
import type { EventFields } from '../rules/event-fields.js'
import type { AttackerDay } from './attacker-day.js'
import { type AttackerEvent, hasAttacker } from './attacker-event.js'
import { type CorrelationOptions, DAY, HOUR } from './correlation-options.js'
import { type CorrelationLosses, type CorrelationSnapshot, requireReadable } from './correlation-snapshot.js'
import { concludeDay } from './day-conclusion.js'
import { EventClock } from './event-clock.js'
import type { Held } from './held.js'
import { IdentityMembership } from './identity-membership.js'
import { createLogin } from './login.js'
import { MemoryLedger } from './memory-ledger.js'
import { OpenDays } from './open-days.js'
import { OpenSessions } from './open-sessions.js'
import { placeOf } from './place.js'
import { ProgramReader } from './programs.js'
import { SecretHash } from './secret-hash.js'
import { wholeSessionEvent } from './session-event.js'
import { SessionState, type WholeSession } from './session-state.js'
import { sessionStep } from './session-step.js'
import { VerdictBook } from './verdict-book.js'
import { hourEvents, sessionCredentialEvent } from './window-events.js'

/** Source kinds whose events are correlated. */
export const CORRELATED_KINDS: ReadonlySet<string> = new Set([
  'auth_attempt',
  'command',
  'intel',
  'payload',
  'service_op',
  'session',
])

/** Takes an event that was concluded. */
export type OnConclusion = (event: TaggerEvent) => void

export interface CorrelatorParts {
  readonly options: CorrelationOptions
  /** Key that secrets are hashed with; a new one where it is left out. A snapshot needs the key that it was made with. */
  readonly secretKey?: string
  readonly membership?: IdentityMembership
  /** Tells the networks of addresses; left out, they are told apart by prefix. */
  readonly geography?: Geography
  /** What to go on from. */
  readonly snapshot?: CorrelationSnapshot
}

/**
 * Keeps bounded state of what single events cannot show, by the time that the events tell, and concludes events from it:
 * whole sessions, what attackers do with credentials and connections, what identities do, which verdicts of third parties
 * others confirm.
 *
 * The same events give the same conclusions: in any order within the horizon, any of them any number of times, and with a
 * snapshot taken and gone on from at any point, as long as nothing was late or evicted.
 */
export class Correlator {
  readonly membership: IdentityMembership
  readonly #options: CorrelationOptions
  readonly #geography: Geography
  readonly #clock: EventClock
  readonly #secrets: SecretHash
  readonly #programs = new ProgramReader()
  readonly #ledger: MemoryLedger<Held>
  readonly #sessions: OpenSessions
  readonly #days: OpenDays
  readonly #verdicts = new VerdictBook()
  /** Days of which something was told already, all or in part: nobody knows all that happened on them any more. */
  readonly #toldDays = new Set<number>()
  #concludedUntil = Number.NEGATIVE_INFINITY
  #late = 0
  #evicted = 0
  #isHeldBack = false

  /** @throws SnapshotError where the snapshot is of another version or was made with another key */
  constructor(parts: CorrelatorParts) {
    const { options, secretKey, membership = new IdentityMembership(), geography = NO_GEOGRAPHY, snapshot } = parts
    this.membership = membership
    this.#geography = geography
    this.#options = options
    this.#secrets = new SecretHash(secretKey)
    this.#ledger = new MemoryLedger(options.memory)
    this.#sessions = new OpenSessions(options, this.#ledger)
    this.#days = new OpenDays(this.#ledger)
    this.#clock = new EventClock(options, snapshot?.clock)
    if (snapshot !== undefined) this.#goOnFrom(snapshot)
  }

  get losses(): CorrelationLosses {
    return { late: this.#late, evicted: this.#evicted + this.#verdicts.dropped }
  }

  /** Reckoned memory of the state in bytes; never above the cap after `observe`. */
  get bytes(): number {
    return this.#ledger.bytes
  }

  /** Takes an event of telemetry, with its fields as rules see them, and tells what can be concluded since. */
  observe(event: TaggerEvent, fields: EventFields, onConclusion: OnConclusion): void {
    if (!CORRELATED_KINDS.has(event.sourceKind) || isConcluded(event)) return
    if (!hasAttacker(event)) return
    if (event.sourceKind === 'intel') {
      for (const confirmed of this.#verdicts.add(event)) onConclusion(confirmed)
      return
    }
    const at = event.observedAt.getTime()
    if (at < this.#concludedUntil) {
      this.#late++
      count('ttp.correlation.late')
      return
    }
    this.#take(event, fields)
    this.#clock.see(event.deckyId ?? '', at)
    if (this.#concludesEarly) this.#conclude(this.#clock.watermark, onConclusion)
    if (this.#ledger.isOver) this.#makeRoom(onConclusion)
  }

  /** Lets event time pass where no events come. */
  advanceBy(milliseconds: number, onConclusion: OnConclusion): void {
    this.#clock.advanceBy(milliseconds)
    if (this.#concludesEarly) this.#conclude(this.#clock.watermark, onConclusion)
  }

  /**
   * Waits with conclusions until `catchUp`, as for files: while what has gathered in several files is read one after the
   * other, the clock would run ahead with the first of them and find the others late.
   */
  holdBack(): void {
    this.#isHeldBack = true
  }

  /** Tells what was held back, and goes on as a stream does. */
  catchUp(onConclusion: OnConclusion): void {
    this.#isHeldBack = false
    if (this.#concludesEarly) this.#conclude(this.#clock.watermark, onConclusion)
  }

  /** Concludes everything that is held: no more events will come. */
  finish(onConclusion: OnConclusion): void {
    for (const whole of this.#sessions.takeAll()) tellSession(whole, onConclusion)
    for (const day of this.#days.starts()) this.#finishDay(day, toldUntil(this.#concludedUntil), onConclusion)
  }

  snapshot(): CorrelationSnapshot {
    return {
      version: 1,
      keyId: this.#secrets.keyId,
      clock: this.#clock.snapshot(),
      concludedUntil: Number.isFinite(this.#concludedUntil) ? this.#concludedUntil : null,
      toldDays: [...this.#toldDays],
      losses: this.losses,
      sessions: this.#sessions.snapshot(),
      attackers: this.#days.snapshot(),
      verdicts: this.#verdicts.snapshot(),
    }
  }

  get #concludesEarly(): boolean {
    return this.#options.concludes === 'horizon' && !this.#isHeldBack
  }

  #goOnFrom(snapshot: CorrelationSnapshot): void {
    requireReadable(snapshot, this.#secrets.keyId)
    const { concludedUntil, toldDays, losses, sessions, attackers, verdicts = [] } = snapshot
    this.#concludedUntil = concludedUntil ?? Number.NEGATIVE_INFINITY
    for (const day of toldDays) this.#toldDays.add(day)
    this.#late = losses.late
    this.#evicted = losses.evicted
    this.#sessions.restore(sessions)
    this.#days.restore(attackers)
    this.#verdicts.restore(verdicts)
  }

  #take(event: AttackerEvent, fields: EventFields): void {
    const session = this.#sessions.of(event)
    const place = session?.placeOf(event) ?? placeOf(event, null)
    if (event.sourceKind === 'auth_attempt') {
      const login = createLogin(event, place, this.#secrets)
      if (login === null) return
      this.#days.addLogin(event, login)
      if (session !== null) this.#sessions.add(session, login)
      return
    }
    if (event.sourceKind === 'session' && event.payload.phase === 'opened') this.#days.addConnection(event, place)
    if (session === null) return
    this.#sessions.add(session, sessionStep(event, place, { fields, programs: this.#programs }))
  }

  /** Concludes what ended up to a time; nothing of it will be taken any more. */
  #conclude(until: number, onConclusion: OnConclusion): void {
    const since = this.#concludedUntil
    if (until <= since) return
    this.#concludedUntil = until
    for (const whole of this.#sessions.takeUntil(until)) tellSession(whole, onConclusion)
    if (toldUntil(until) === toldUntil(since)) return
    for (const day of this.#days.starts()) {
      if (day + DAY <= until) this.#finishDay(day, toldUntil(since), onConclusion)
      else this.#tellHours(day, toldUntil(since), onConclusion)
    }
  }

  #tellHours(day: number, hoursFrom: number, onConclusion: OnConclusion): void {
    for (const attacker of this.#days.of(day)) {
      for (const hour of attacker.hours(hoursFrom, toldUntil(this.#concludedUntil))) {
        for (const event of hourEvents(attacker.key, hour)) onConclusion(event)
      }
    }
  }

  #finishDay(day: number, hoursFrom: number, onConclusion: OnConclusion): void {
    const isWhole = !this.#toldDays.has(day)
    this.#toldDays.add(day)
    const of = { hoursFrom, isWhole, membership: this.membership, geography: this.#geography }
    for (const event of concludeDay(this.#days.takeDay(day), of)) onConclusion(event)
  }

  /**
   * Lets go of sessions that are over, then of the oldest of what holds most, with what is known of it by now: less than
   * the truth, never more. What is over by then, as far as the events tell, loses nothing by it.
   */
  #makeRoom(onConclusion: OnConclusion): void {
    const enough = this.#options.memory * SHARE_KEPT
    const { watermark } = this.#clock
    for (const whole of this.#sessions.takeOldest(watermark, () => this.#ledger.bytes <= enough)) {
      tellSession(whole, onConclusion)
    }
    while (this.#ledger.bytes > enough) {
      const holding = this.#ledger.first()
      if (holding === undefined) return
      if (holding instanceof SessionState) {
        if (!this.#sessions.isOver(holding, watermark)) this.#countEviction()
        for (const whole of this.#sessions.take(holding)) tellSession(whole, onConclusion)
      } else if (holding.key.day + DAY <= watermark && !this.#toldDays.has(holding.key.day)) {
        this.#finishDay(holding.key.day, toldUntil(this.#concludedUntil), onConclusion)
      } else this.#evictDay(holding, onConclusion)
    }
  }

  #evictDay(attacker: AttackerDay, onConclusion: OnConclusion): void {
    this.#countEviction()
    this.#toldDays.add(attacker.key.day)
    this.#days.take(attacker)
    const of = {
      hoursFrom: toldUntil(this.#concludedUntil),
      isWhole: false,
      membership: NO_IDENTITIES,
      geography: NO_GEOGRAPHY,
    }
    for (const event of concludeDay([attacker], of)) onConclusion(event)
  }

  #countEviction(): void {
    this.#evicted++
    count('ttp.correlation.evicted')
  }
}

/** Of one attacker alone nothing can be told of an identity. */
const NO_IDENTITIES = new IdentityMembership()

/** The share of its memory that a correlator keeps when it makes room, so that it need not do so for each event. */
const SHARE_KEPT = 7 / 8

/** Hours that begin before it have been told, once everything up to a time was concluded. */
function toldUntil(concludedUntil: number): number {
  return Math.floor(concludedUntil / HOUR) * HOUR
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
