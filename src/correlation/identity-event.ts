import { isIPv4, isIPv6 } from 'node:net'
import { expandIpv6 } from '../events/address.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { AttackerKey, LoginSample } from './attacker-day.js'
import { DAY } from './correlation-options.js'
import { targetsPerPair } from './credential-facts.js'
import { derivedEvent } from './derived-event.js'
import { byTime } from './login.js'
import { sessionIdsOf } from './session-ids.js'
import { largestGroup } from './statistics.js'

/** What one attacker of an identity tried on one day. */
export interface MemberDay {
  readonly key: AttackerKey
  readonly logins: LoginSample
}

/** What all attackers of one identity did together on one day; null where none of them tried to log in. */
export function identityEvent(identityUuid: string, members: readonly MemberDay[]): TaggerEvent | null {
  const tries = members.flatMap(({ key, logins }) => logins.items.map((login) => ({ key, login })))
  const logins = tries.map(({ login }) => login).sort(byTime)
  if (logins.length === 0) return null
  const guesses = logins.filter(({ success, password }) => !success && password !== null)
  const withPassword = tries.filter(({ login }) => login.password !== null)
  const networks = new Set(logins.map(({ place }) => (place.sourceIp === null ? null : networkOf(place.sourceIp))))
  networks.delete(null)
  return derivedEvent({
    sourceKind: 'identity',
    scope: 'day',
    windowStart: members[0]!.key.day,
    attackerUuid: null,
    identityUuid,
    at: logins.at(-1)!.at,
    payload: {
      scope: 'day',
      window_seconds: DAY / 1000,
      members: new Set(tries.map(({ key }) => key)).size,
      networks: networks.size,
      attempts: members.reduce((sum, member) => sum + member.logins.total, 0),
      failures: members.reduce((sum, member) => sum + member.logins.failures, 0),
      usernames: new Set(logins.map(({ account }) => account)).size,
      passwords: new Set(guesses.map(({ password }) => password)).size,
      accounts_per_password: largestGroup(
        guesses,
        ({ password }) => password,
        ({ account }) => account,
      ),
      members_per_password: largestGroup(
        withPassword,
        ({ login }) => login.password,
        ({ key }) => key,
      ),
      targets_per_pair: targetsPerPair(logins),
      sessions: new Set(logins.map(({ place }) => place.sessionId)).size,
      session_ids: sessionIdsOf(logins),
    },
  })
}

/** The network that an address is counted under: an IPv4 /16, an IPv6 /32; null for what is no address. */
function networkOf(address: string): string | null {
  if (isIPv4(address)) return address.split('.', 2).join('.')
  const plain = address.split('%', 1)[0]!
  return isIPv6(plain) ? expandIpv6(plain).slice(0, 2).join(':') : null
}
