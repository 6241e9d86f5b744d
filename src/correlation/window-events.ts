import type { Payload, TaggerEvent } from '../events/tagger-event.js'
import {
  type AttackerHour,
  type AttackerKey,
  type Connection,
  joinLogins,
  joinSamples,
  type LoginSample,
  type Sample,
} from './attacker-day.js'
import { DAY, HOUR } from './correlation-options.js'
import { credentialFacts } from './credential-facts.js'
import type { CredentialUse } from './credential-use.js'
import { derivedEvent } from './derived-event.js'
import { byTime, type Login } from './login.js'
import { commonTrait, type Place, sessionOn } from './place.js'
import { sessionIdsOf } from './session-ids.js'
import { gaps, median, seconds } from './statistics.js'

/** Windows shorter than a day that hold less than so many attempts or connections say nothing that the day does not. */
const FEWEST_IN_HOUR = 3

interface Window {
  readonly scope: 'hour' | 'day'
  readonly start: number
  readonly length: number
  /** Whether it is told before it is over, so that more of it may come. */
  readonly isEarly: boolean
}

/** What one attacker did in one hour: events of kind `credential` and `session`, or none. */
export function hourEvents({ attackerUuid }: AttackerKey, hour: AttackerHour, isEarly = false): readonly TaggerEvent[] {
  const { start, logins, connections } = hour
  const window: Window = { scope: 'hour', start, length: HOUR, isEarly }
  const events: TaggerEvent[] = []
  if (logins.items.length >= FEWEST_IN_HOUR) events.push(credentialEvent(attackerUuid, window, logins))
  if (connections.items.length >= FEWEST_IN_HOUR) events.push(activityEvent(attackerUuid, window, hour))
  return events
}

/**
 * What one attacker did on one day: events of kind `credential` and `session`, or none.
 *
 * @param use what all attackers did; null where the day is told early, and nobody knows that yet
 */
export function dayEvents(
  { attackerUuid, day }: AttackerKey,
  hours: readonly AttackerHour[],
  use: CredentialUse | null,
): readonly TaggerEvent[] {
  const window: Window = { scope: 'day', start: day, length: DAY, isEarly: use === null }
  const logins = joinLogins(hours)
  const connections = joinSamples(hours.map((hour) => hour.connections))
  const events: TaggerEvent[] = []
  if (logins.items.length > 0) {
    const shared = use?.factsOf(attackerUuid, logins.items) ?? {}
    events.push(credentialEvent(attackerUuid, window, logins, shared))
  }
  if (connections.items.length > 0) events.push(activityEvent(attackerUuid, window, { logins, connections }))
  return events
}

/** What was done with credentials in one session, or null where nobody tried any. */
export function sessionCredentialEvent(whole: TaggerEvent, logins: readonly Login[]): TaggerEvent | null {
  if (logins.length === 0) return null
  const { attackerUuid, sourceIp, sessionId, deckyId } = whole
  return derivedEvent({
    sourceKind: 'credential',
    scope: 'session',
    windowStart: logins[0]!.at,
    attackerUuid,
    sourceIp,
    sessionId,
    deckyId,
    at: logins.at(-1)!.at,
    outcome: outcomeOf(logins),
    payload: {
      scope: 'session',
      ...credentialFacts({
        items: logins,
        total: logins.length,
        failures: logins.filter(({ success }) => !success).length,
      }),
    },
  })
}

function credentialEvent(
  attackerUuid: string,
  { scope, start, length }: Window,
  logins: LoginSample,
  more: Payload = {},
): TaggerEvent {
  const payload = { scope, window_seconds: length / 1000, ...credentialFacts(logins), ...more }
  return derivedEvent({
    sourceKind: 'credential',
    scope,
    windowStart: start,
    attackerUuid,
    ...commonPlace(logins.items),
    at: latest(logins.items),
    outcome: outcomeOf(logins.items),
    payload,
  })
}

interface Activity {
  readonly logins: LoginSample
  readonly connections: Sample<Connection>
}

function activityEvent(
  attackerUuid: string,
  { scope, start, length, isEarly }: Window,
  activity: Activity,
): TaggerEvent {
  const connections = activity.connections.items.toSorted(byTime)
  const loggedIn = new Set(activity.logins.items.map(({ place }) => sessionOn(place)))
  // Where not all logins are known, nobody can say who did not try one.
  const isKnown = !activity.logins.isCut && !isEarly
  const silent = isKnown ? connections.filter(({ place }) => !loggedIn.has(sessionOn(place))) : []
  const pause = activity.connections.isCut ? null : median(gaps(connections.map(({ at }) => at)))
  return derivedEvent({
    sourceKind: 'session',
    scope,
    windowStart: start,
    attackerUuid,
    ...commonPlace(connections),
    at: connections.at(-1)!.at,
    payload: {
      phase: 'activity',
      scope,
      window_seconds: length / 1000,
      connections: activity.connections.total,
      silent_connections: silent.length,
      deckies: new Set(silent.map(({ place }) => place.deckyId)).size,
      ports: new Set(silent.map(({ port }) => port)).size,
      ...(pause === null ? {} : { median_gap_seconds: seconds(pause) }),
      session_ids: sessionIdsOf(silent),
    },
  })
}

function outcomeOf(logins: readonly Login[]): 'emulated' | 'attempted' {
  return logins.some(({ success }) => success) ? 'emulated' : 'attempted'
}

/** The address, and the decky where there was only one. */
function commonPlace(things: readonly { readonly place: Place }[]): {
  readonly sourceIp: string | null
  readonly deckyId: string | null
} {
  const places = things.map(({ place }) => place)
  const { deckyId } = places[0]!
  return {
    sourceIp: commonTrait(places, 'sourceIp'),
    deckyId: places.every((place) => place.deckyId === deckyId) ? deckyId : null,
  }
}

function latest(things: readonly { readonly at: number }[]): number {
  return things.reduce((last, { at }) => Math.max(last, at), Number.NEGATIVE_INFINITY)
}
