import type { Payload } from '../events/tagger-event.js'
import { sessionIdsOf } from './derived-event.js'
import { byTime, EVENT_NUMBERS, type Login } from './login.js'
import { largestGroup, mostWithin } from './statistics.js'

const FIVE_MINUTES = 5 * 60_000

/** A set of logins with what its bound may have cost. */
export interface LoginSet {
  readonly items: readonly Login[]
  /** How many there were in truth; an estimate where a sample stands for them. */
  readonly total: number
}

/** How many logins a sample stands for (Bar-Yossef et al. 2002: by the largest of the k least numbers). */
export function loginSetOf(sample: { readonly items: readonly Login[]; readonly isCut: boolean }): LoginSet {
  const { items, isCut } = sample
  if (!isCut) return { items, total: items.length }
  return { items, total: Math.round(((items.length - 1) * EVENT_NUMBERS) / items.at(-1)!.id) }
}

/** What a set of logins, in any order, amounts to, in numbers and in sessions to look at. Nothing of it is secret. */
export function credentialFacts({ items, total }: LoginSet): Payload {
  const logins = items.toSorted(byTime)
  const failed = logins.filter((login) => !login.success)
  const guesses = failed.filter((login) => login.password !== null)
  const open = logins.filter((login) => login.success && login.defaultPairId === null)
  const byDefault = logins.filter((login) => login.success && login.defaultPairId !== null)
  const services = distinct(logins.map((login) => login.place.service))
  const firstSuccess = logins.findIndex((login) => login.success)
  const passwords = logins.filter((login) => login.password !== null)
  const scale = items.length === 0 ? 1 : total / items.length
  return {
    ...(services.length === 1 && services[0] !== null ? { service: services[0] } : {}),
    attempts: total,
    failures: Math.round(failed.length * scale),
    successes: open.length,
    default_successes: byDefault.length,
    ...(byDefault.length > 0
      ? { default_pair_id: distinct(byDefault.map((login) => login.defaultPairId)).sort()[0] }
      : {}),
    usernames: distinct(logins.map((login) => login.account)).length,
    passwords: distinct(passwords.map((login) => login.password)).length,
    guessed_passwords: distinct(guesses.map((login) => login.password)).length,
    passwords_per_account: largestGroup(guesses.map((login) => [login.account, login.password])),
    accounts_per_password: largestGroup(guesses.map((login) => [login.password, login.account])),
    burst_failures: mostWithin(
      failed.map((login) => login.at),
      FIVE_MINUTES,
    ),
    failures_before_success: firstSuccess < 0 ? 0 : firstSuccess,
    services: services.length,
    deckies: distinct(logins.map((login) => login.place.deckyId)).length,
    targets_per_pair: targetsPerPair(logins),
    sessions: distinct(logins.map((login) => login.place.sessionId)).length,
    session_ids: sessionIdsOf(logins),
    failed_session_ids: sessionIdsOf(failed),
    successful_session_ids: sessionIdsOf(open),
    default_session_ids: sessionIdsOf(byDefault),
  }
}

export function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)]
}

/** Most targets, decky and service, on which one pair that is no vendor default was tried. */
export function targetsPerPair(logins: readonly Login[]): number {
  return largestGroup(
    logins
      .filter(({ pair, defaultPairId }) => pair !== null && defaultPairId === null)
      .map(({ pair, place }) => [pair, `${place.service} ${place.deckyId}`]),
  )
}
