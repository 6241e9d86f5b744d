import type { TaggerEvent } from '../events/tagger-event.js'
import type { Geography } from '../geography/geography.js'
import { type AttackerDay, joinLogins } from './attacker-day.js'
import { DAY } from './correlation-options.js'
import { CredentialUse } from './credential-use.js'
import { identityEvent, type MemberDay } from './identity-event.js'
import type { IdentityMembership } from './identity-membership.js'
import { dayEvents, hourEvents } from './window-events.js'

export interface DayConclusion {
  /** Hours that begin before it were told already, in milliseconds since 1970. */
  readonly hoursFrom: number
  /** Whether all that happened on the day is here; else nothing is told that only the whole can tell. */
  readonly isWhole: boolean
  readonly membership: IdentityMembership
  readonly geography: Geography
}

/** Everything that a day of some attackers amounts to: their hours, their days, and what identities did together. */
export function* concludeDay(
  attackers: readonly AttackerDay[],
  { hoursFrom, isWhole, membership, geography }: DayConclusion,
): Generator<TaggerEvent> {
  const days = attackers.map((attacker) => {
    const { key } = attacker
    return { key, hours: attacker.hours(key.day, key.day + DAY) }
  })
  const members = days.map(({ key, hours }) => ({ key, logins: joinLogins(hours) }))
  const use = isWhole ? new CredentialUse() : null
  for (const { key, logins } of members) use?.add(key.attackerUuid, logins.items)
  for (const { key, hours } of days) {
    for (const hour of hours) if (hour.start >= hoursFrom) yield* hourEvents(key, hour, !isWhole)
    yield* dayEvents(key, hours, use)
  }
  for (const [identity, of] of membersOf(members, membership)) {
    const event = identityEvent(identity, of, geography)
    if (event !== null) yield event
  }
}

function membersOf(
  days: readonly MemberDay[],
  membership: IdentityMembership,
): ReadonlyMap<string, readonly MemberDay[]> {
  const members = new Map<string, MemberDay[]>()
  if (membership.size === 0) return members
  for (const day of days) {
    const identity = membership.identityOf(day.key.attackerUuid)
    if (identity === null) continue
    const known = members.get(identity)
    if (known === undefined) members.set(identity, [day])
    else known.push(day)
  }
  return members
}
