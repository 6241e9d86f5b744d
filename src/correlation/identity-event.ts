import { networkPrefix } from '../events/address.js'
import type { TaggerEvent } from '../events/tagger-event.js'
import type { Geography } from '../geography/geography.js'
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

/**
 * What all attackers of one identity did together on one day; null where none of them tried to log in. What is known of
 * networks is counted, and enters no id.
 */
export function identityEvent(
  identityUuid: string,
  members: readonly MemberDay[],
  geography: Geography,
): TaggerEvent | null {
  const tries = members.flatMap(({ key, logins }) => logins.items.map((login) => ({ key, login })))
  const logins = tries.map(({ login }) => login).sort(byTime)
  if (logins.length === 0) return null
  const guesses = logins.filter(({ success, password }) => !success && password !== null)
  const withPassword = tries.filter(({ login }) => login.password !== null)
  const addresses = new Set(logins.flatMap(({ place: { sourceIp } }) => (sourceIp === null ? [] : [sourceIp])))
  const { networks, systems } = networksOf(addresses, geography)
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
      ...(systems.size > 0 && { autonomous_systems: systems.size }),
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

/** The networks that addresses lie in, by number where that is known, else by prefix; and the numbers alone. */
function networksOf(addresses: Iterable<string>, geography: Geography) {
  const networks = new Set<number | string>()
  const systems = new Set<number>()
  for (const address of addresses) {
    const system = geography.autonomousSystemOf(address)
    if (system !== null) systems.add(system)
    const network = system ?? networkPrefix(address)
    if (network !== null) networks.add(network)
  }
  return { networks, systems }
}
