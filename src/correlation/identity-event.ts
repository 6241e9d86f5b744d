import { isIPv4, isIPv6 } from 'node:net'
import { expandIpv6 } from '../events/address.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { AttackerDay } from './attacker-day.js'
import { DAY } from './correlation-options.js'
import { distinct, targetsPerPair } from './credential-facts.js'
import { derivedEvent, sessionIdsOf } from './derived-event.js'
import { byTime } from './login.js'
import { largestGroup } from './statistics.js'
import { loginsOf } from './window-events.js'

/** What all attackers of one identity did together on one day; null where none of them tried to log in. */
export function identityEvent(identityUuid: string, members: readonly AttackerDay[]): TaggerEvent | null {
  const sets = members.map((member) => ({ member, ...loginsOf(member) }))
  const logins = sets.flatMap(({ items }) => [...items]).sort(byTime)
  if (logins.length === 0) return null
  const guesses = logins.filter((login) => !login.success && login.password !== null)
  const networks = logins.map(({ place }) => (place.sourceIp === null ? null : networkOf(place.sourceIp)))
  return derivedEvent({
    sourceKind: 'identity',
    scope: 'day',
    windowStart: members[0]!.day,
    attackerUuid: null,
    identityUuid,
    at: logins.at(-1)!.at,
    payload: {
      scope: 'day',
      window_seconds: DAY / 1000,
      members: members.length,
      networks: distinct(networks.filter((network) => network !== null)).length,
      attempts: sets.reduce((sum, { total }) => sum + total, 0),
      failures: logins.filter((login) => !login.success).length,
      usernames: distinct(logins.map((login) => login.account)).length,
      passwords: distinct(guesses.map((login) => login.password)).length,
      accounts_per_password: largestGroup(guesses.map((login) => [login.password, login.account])),
      members_per_password: largestGroup(
        sets.flatMap(({ member, items }) =>
          items.filter((login) => login.password !== null).map((login) => [login.password, member] as const),
        ),
      ),
      targets_per_pair: targetsPerPair(logins),
      sessions: distinct(logins.map((login) => login.place.sessionId)).length,
      session_ids: sessionIdsOf(logins),
    },
  })
}

/** The network that an address is counted under: an IPv4 /16, an IPv6 /32; null for what is no address. */
export function networkOf(address: string): string | null {
  if (isIPv4(address)) return address.split('.', 2).join('.')
  const plain = address.split('%', 1)[0]!
  return isIPv6(plain) ? expandIpv6(plain).slice(0, 2).join(':') : null
}
