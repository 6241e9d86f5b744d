import type { Payload } from '../events/tagger-event.js'
import { byTime, type Login } from './login.js'
import { sessionIdsOf } from './session-ids.js'

interface PairUse {
  /** Attackers that tried the pair. */
  sources: number
  lastSource: string
  /** Who guessed it first: was let in with it after he had been refused with others; and when. */
  finder: string | null
  foundAt: number
}

/** A pair that more attackers use than so many is common knowledge: whoever uses it got it from nobody. */
const MOST_SHARING = 3

/** Who used which pair of user name and password on one day, over all attackers. */
export class CredentialUse {
  readonly #pairs = new Map<number, PairUse>()

  /** Takes all logins of one attacker; each attacker once. */
  add(attackerUuid: string, logins: readonly Login[]): void {
    const firstFailure = firstFailureOf(logins)
    for (const login of logins) {
      if (login.pair === null) continue
      let use = this.#pairs.get(login.pair)
      if (use === undefined) {
        use = { sources: 0, lastSource: '', finder: null, foundAt: Number.POSITIVE_INFINITY }
        this.#pairs.set(login.pair, use)
      }
      if (use.lastSource !== attackerUuid) {
        use.sources++
        use.lastSource = attackerUuid
      }
      if (!login.success || login.at <= firstFailure || !isBefore(login.at, attackerUuid, use)) continue
      use.finder = attackerUuid
      use.foundAt = login.at
    }
  }

  /**
   * With how many others an attacker shares a pair, and the sessions that were let in at the first try with a pair that
   * somebody else had guessed before: whoever knows what another guessed got it from him.
   */
  factsOf(attackerUuid: string, logins: readonly Login[]): Payload {
    let sources = 0
    for (const { pair } of logins) if (pair !== null) sources = Math.max(sources, this.#pairs.get(pair)?.sources ?? 1)
    const firstFailure = firstFailureOf(logins)
    const inherited = logins.filter((login) => login.at < firstFailure && this.#isInherited(login, attackerUuid))
    return {
      sources_per_pair: sources,
      inherited_successes: inherited.length,
      inherited_session_ids: sessionIdsOf(inherited.sort(byTime)),
    }
  }

  #isInherited({ success, pair, defaultPairId, at }: Login, attackerUuid: string): boolean {
    if (!success || pair === null || defaultPairId !== null) return false
    const use = this.#pairs.get(pair)
    if (use === undefined || use.finder === null || use.sources > MOST_SHARING) return false
    return use.finder !== attackerUuid && use.foundAt < at
  }
}

function firstFailureOf(logins: readonly Login[]): number {
  let first = Number.POSITIVE_INFINITY
  for (const { success, at } of logins) if (!success && at < first) first = at
  return first
}

/** Equal times go by attacker, so that any order of them gives the same. */
function isBefore(at: number, attackerUuid: string, { foundAt, finder }: PairUse): boolean {
  return at < foundAt || (at === foundAt && finder !== null && attackerUuid < finder)
}
