import type { Payload, TaggerEvent } from '../events/tagger-event.js'
import { type AttackerDay, type AttackerHour, type Connection, connectionsOf } from './attacker-day.js'
import { DAY, HOUR } from './correlation-options.js'
import { credentialFacts, distinct, type LoginSet, loginSetOf } from './credential-facts.js'
import type { CredentialUse } from './credential-use.js'
import { derivedEvent, sessionIdsOf } from './derived-event.js'
import { commonTrait } from './place.js'
import { gaps, median, seconds } from './statistics.js'

/** Windows shorter than a day that hold less than so many attempts or connections say nothing that the day does not. */
const FEWEST_IN_HOUR = 3

interface Window {
  readonly scope: 'hour' | 'day'
  readonly start: number
  readonly length: number
}

/** What one attacker did in one hour: events of kind `credential` and `session`, or none. */
export function hourEvents(attacker: AttackerDay, hour: AttackerHour): readonly TaggerEvent[] {
  const window: Window = { scope: 'hour', start: hour.start, length: HOUR }
  const logins = loginSetOf(hour.logins)
  const connections = connectionsOf([hour])
  return [
    ...(logins.items.length < FEWEST_IN_HOUR ? [] : [credentialEvent(attacker, window, logins, {})]),
    ...(connections.length < FEWEST_IN_HOUR ? [] : [activityEvent(attacker, window, { logins, connections })]),
  ]
}

/** What one attacker did on one day: events of kind `credential` and `session`, or none. */
export function dayEvents(attacker: AttackerDay, use: CredentialUse): readonly TaggerEvent[] {
  const window: Window = { scope: 'day', start: attacker.day, length: DAY }
  const logins = loginsOf(attacker)
  const connections = connectionsOf(attacker.hoursInOrder())
  return [
    ...(logins.items.length === 0
      ? []
      : [credentialEvent(attacker, window, logins, use.factsOf(attacker.attackerUuid, logins.items))]),
    ...(connections.length === 0 ? [] : [activityEvent(attacker, window, { logins, connections })]),
  ]
}

/** All logins of a day. */
export function loginsOf(attacker: AttackerDay): LoginSet {
  const sets = [...attacker.hours.values()].map((hour) => loginSetOf(hour.logins))
  return {
    items: sets.flatMap((set) => set.items),
    total: sets.reduce((sum, set) => sum + set.total, 0),
  }
}

function credentialEvent(attacker: AttackerDay, window: Window, logins: LoginSet, more: Payload): TaggerEvent {
  const places = logins.items.map(({ place }) => place)
  const deckies = distinct(places.map(({ deckyId }) => deckyId))
  return derivedEvent({
    sourceKind: 'credential',
    scope: window.scope,
    windowStart: window.start,
    attackerUuid: attacker.attackerUuid,
    sourceIp: commonTrait(places, 'sourceIp'),
    deckyId: deckies.length === 1 ? deckies[0]! : null,
    at: latest(logins.items),
    outcome: logins.items.some(({ success }) => success) ? 'emulated' : 'attempted',
    payload: { scope: window.scope, window_seconds: window.length / 1000, ...credentialFacts(logins), ...more },
  })
}

interface Activity {
  readonly logins: LoginSet
  readonly connections: readonly Connection[]
}

function activityEvent(attacker: AttackerDay, window: Window, { logins, connections }: Activity): TaggerEvent {
  const places = connections.map(({ place }) => place)
  const loggedIn = new Set(logins.items.map(({ place }) => place.sessionId))
  const silent = connections.filter(({ place }) => !loggedIn.has(place.sessionId))
  const deckies = distinct(places.map(({ deckyId }) => deckyId))
  const pause = median(gaps(connections.map(({ at }) => at)))
  return derivedEvent({
    sourceKind: 'session',
    scope: window.scope,
    windowStart: window.start,
    attackerUuid: attacker.attackerUuid,
    sourceIp: commonTrait(places, 'sourceIp'),
    deckyId: deckies.length === 1 ? deckies[0]! : null,
    at: latest(connections),
    payload: {
      phase: 'activity',
      scope: window.scope,
      window_seconds: window.length / 1000,
      connections: connections.length,
      silent_connections: silent.length,
      deckies: distinct(silent.map(({ place }) => place.deckyId)).length,
      ports: distinct(silent.map(({ port }) => port)).length,
      ...(pause === null ? {} : { median_gap_seconds: seconds(pause) }),
      session_ids: sessionIdsOf(silent),
    },
  })
}

function latest(things: readonly { readonly at: number }[]): number {
  return things.reduce((last, { at }) => Math.max(last, at), Number.NEGATIVE_INFINITY)
}

/** What was done with credentials in one session, or null where nobody tried any. */
export function sessionCredentialEvent(whole: TaggerEvent, logins: LoginSet['items']): TaggerEvent | null {
  if (logins.length === 0) return null
  const { attackerUuid, sourceIp, sessionId, deckyId } = whole
  const first = Math.min(...logins.map(({ at }) => at))
  return derivedEvent({
    sourceKind: 'credential',
    scope: 'session',
    windowStart: first,
    attackerUuid,
    sourceIp,
    sessionId,
    deckyId,
    at: latest(logins),
    outcome: logins.some(({ success }) => success) ? 'emulated' : 'attempted',
    payload: { scope: 'session', ...credentialFacts({ items: logins, total: logins.length }) },
  })
}
