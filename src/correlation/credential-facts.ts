import type { Payload } from '../events/tagger-event.js'
import { unambiguous } from '../events/unambiguous.js'
import type { LoginSample } from './attacker-day.js'
import { byTime, type Login } from './login.js'
import { sessionIdsOf } from './session-ids.js'
import { largestGroup, mostWithin } from './statistics.js'

const FIVE_MINUTES = 5 * 60_000
const NO_SESSIONS: readonly string[] = Object.freeze([])

/** What a set of logins, in any order, amounts to, in numbers and in sessions to look at. Nothing of it is secret. */
export function credentialFacts({ items, total, failures }: Omit<LoginSample, 'isCut'>): Payload {
  const logins = items.length < 2 ? items : items.toSorted(byTime)
  const sorted = sortOut(logins)
  const { failed, guesses, open, unnamed, byDefault, places, accounts, passwords } = sorted
  const sessionIds = sessionIdsOf(logins)
  const facts: Record<string, unknown> = {
    attempts: total,
    failures,
    successes: open.length,
    unnamed_successes: unnamed.length,
    default_successes: byDefault.length,
    usernames: accounts.size,
    passwords: passwords.size,
    guessed_passwords: distinctCount(guesses, ({ password }) => password),
    passwords_per_account: groupsOf(
      guesses,
      ({ account }) => account,
      ({ password }) => password,
    ),
    accounts_per_password: groupsOf(
      guesses,
      ({ password }) => password,
      ({ account }) => account,
    ),
    burst_failures: burstOf(failed, failures),
    failures_before_success: Math.max(
      0,
      logins.findIndex(({ success }) => success),
    ),
    services: places.services.size,
    deckies: places.deckies.size,
    targets_per_pair: targetsPerPair(logins),
    sessions: places.sessions.size,
    session_ids: sessionIds,
    failed_session_ids: failed.length === logins.length ? sessionIds : sessionIdsOf(failed),
    successful_session_ids: open.length === 0 ? NO_SESSIONS : sessionIdsOf(open),
    unnamed_session_ids: unnamed.length === 0 ? NO_SESSIONS : sessionIdsOf(unnamed),
    default_session_ids: byDefault.length === 0 ? NO_SESSIONS : sessionIdsOf(byDefault),
  }
  const [service] = places.services
  if (places.services.size === 1 && service !== null) facts.service = service
  if (byDefault.length > 0) facts.default_pair_id = byDefault.map(({ defaultPairId }) => defaultPairId!).sort()[0]
  return facts
}

/** Most failures within five minutes; where a sample stands for them, as many as it stands for. */
function burstOf(failed: readonly Login[], failures: number): number {
  if (failed.length < 2) return failed.length
  const most = mostWithin(
    failed.map(({ at }) => at),
    FIVE_MINUTES,
  )
  return failures === failed.length ? most : Math.round((most * failures) / failed.length)
}

interface SortedLogins {
  readonly failed: readonly Login[]
  /** Those with a password that was refused. */
  readonly guesses: readonly Login[]
  /** Those that were let in with a pair that is no vendor default, and with one. */
  readonly open: readonly Login[]
  /** Those that are taken for let in, but under no name. */
  readonly unnamed: readonly Login[]
  readonly byDefault: readonly Login[]
  readonly accounts: ReadonlySet<number>
  readonly passwords: ReadonlySet<number>
  readonly places: {
    readonly services: ReadonlySet<string | null>
    readonly deckies: ReadonlySet<string | null>
    readonly sessions: ReadonlySet<string | null>
  }
}

function sortOut(logins: readonly Login[]): SortedLogins {
  const [failed, guesses, open, unnamed, byDefault]: Login[][] = [[], [], [], [], []]
  const [accounts, passwords] = [new Set<number>(), new Set<number>()]
  const places = {
    services: new Set<string | null>(),
    deckies: new Set<string | null>(),
    sessions: new Set<string | null>(),
  }
  for (const login of logins) {
    accounts.add(login.account)
    if (login.password !== null) passwords.add(login.password)
    places.services.add(login.place.service)
    places.deckies.add(login.place.deckyId)
    places.sessions.add(login.place.sessionId)
    // A state that an earlier release kept does not say.
    if (login.success && login.isNamed === false) unnamed!.push(login)
    else if (login.success) (login.defaultPairId === null ? open! : byDefault!).push(login)
    else {
      failed!.push(login)
      if (login.password !== null) guesses!.push(login)
    }
  }
  return {
    failed: failed!,
    guesses: guesses!,
    open: open!,
    unnamed: unnamed!,
    byDefault: byDefault!,
    accounts,
    passwords,
    places,
  }
}

function distinctCount<Value>(logins: readonly Login[], detailOf: (login: Login) => Value): number {
  return logins.length < 2 ? logins.length : new Set(logins.map(detailOf)).size
}

function groupsOf<Key, Value>(
  logins: readonly Login[],
  keyOf: (login: Login) => Key,
  detailOf: (login: Login) => Value,
): number {
  return logins.length < 2 ? logins.length : largestGroup(logins, keyOf, detailOf)
}

/** Most targets, decky and service, on which one pair that is no vendor default was tried. */
export function targetsPerPair(logins: readonly Login[]): number {
  const pairs = logins.filter(({ pair, defaultPairId }) => pair !== null && defaultPairId === null)
  return groupsOf(
    pairs,
    ({ pair }) => pair,
    ({ place }) => unambiguous(place.service) + unambiguous(place.deckyId),
  )
}
